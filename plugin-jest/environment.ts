import type { EnvironmentClass } from './environment-class.ts'
import { loadJestModule } from './jest-modules.ts'
import { withForkpoint } from './with-forkpoint.ts'

export type { EnvironmentClass } from './environment-class.ts'
export { withForkpoint } from './with-forkpoint.ts'

const ofNode = loadJestModule('jest-environment-node') as { TestEnvironment: EnvironmentClass }

/** Jest's environment for Node, with rollback: `testEnvironment: 'forkpoint/jest'`. */
const ForkpointEnvironment: EnvironmentClass = withForkpoint(ofNode.TestEnvironment)
export default ForkpointEnvironment
