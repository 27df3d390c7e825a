import { setup } from 'forkpoint'
import { beforeAll } from 'vitest'

/** Builds the state of a file once: rolled back before each test, or, as a control, left as the tests leave it. */
export const once: (fn: () => unknown) => void = process.env.CONTROL ? beforeAll : setup
