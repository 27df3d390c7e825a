import { createRequire } from 'node:module'
import { ForkpointError } from 'forkpoint/adapter'
import { type EnvironmentClass, withForkpoint } from 'forkpoint/jest'
import { ENVIRONMENT_KEY } from './option-names.ts'

type Arguments = ConstructorParameters<EnvironmentClass>

const classes = new Map<string, EnvironmentClass>()

function classAt(path: string): EnvironmentClass {
  const known = classes.get(path)
  if (known !== undefined) return known
  const made = withForkpoint(load(path))
  classes.set(path, made)
  return made
}

function load(path: string): EnvironmentClass {
  try {
    const loaded = createRequire(path)(path) as { default?: unknown; TestEnvironment?: unknown }
    return (loaded.default ?? loaded.TestEnvironment ?? loaded) as EnvironmentClass
  } catch (error) {
    throw new ForkpointError(
      'ERR_FORKPOINT_CONFIG',
      `Failed to load the test environment ${path}: ${(error as Error).message}. Have it roll back by itself: ` +
        "`export default withForkpoint(MyEnvironment)` with `import { withForkpoint } from 'forkpoint/jest'`.",
      { cause: error },
    )
  }
}

/** The environment that a project has named, with rollback: forkpoint's runner has Jest load this in its place. */
function AnyEnvironment(...args: Arguments): InstanceType<EnvironmentClass> {
  const [{ projectConfig }] = args
  return new (classAt(String(projectConfig.testEnvironmentOptions[ENVIRONMENT_KEY])))(...args)
}

const environment: EnvironmentClass = AnyEnvironment as unknown as EnvironmentClass
export default environment
