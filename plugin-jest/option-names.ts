/** Under this name forkpoint's options stand in Jest's `testEnvironmentOptions`. */
export const OPTIONS_KEY = 'forkpoint'

/** Under this one they go to the workers: functions in them, as text. */
export const SHIPPED_KEY = 'forkpoint.shipped'

/** Under this one stands the path of a project's own environment, where forkpoint's runner has put one in its place that rolls back. */
export const ENVIRONMENT_KEY = 'forkpoint.environment'
