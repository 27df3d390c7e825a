/** Under this name forkpoint's options stand in Jest's `testEnvironmentOptions`. */
export const OPTIONS_KEY = 'forkpoint'

/** Under this one they go to the workers: functions in them, as text. */
export const SHIPPED_KEY = 'forkpoint.shipped'
