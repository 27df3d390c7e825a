import { runtimeOf } from './jest-runtime.ts'

/**
 * Has Jest take what is called for code of a test. Since 30 it lets code load modules, and use `jest`, only while a hook or a test
 * runs; setups, their teardowns and undos run between those.
 */
export async function insideTestCode<T>(environment: object, call: () => Promise<T>): Promise<T> {
  const runtime = runtimeOf(environment)
  if (runtime?.testState?.state !== 'betweenTests') return call()
  runtime.enterTestCode?.()
  try {
    return await call()
  } finally {
    runtime.leaveTestCode?.()
  }
}
