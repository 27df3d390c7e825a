import manifest from '../package.json' with { type: 'json' }

/** Versions of Node that forkpoint supports. */
export const SUPPORTED_NODE: string = manifest.engines.node

/** Versions of test runners that forkpoint supports, by the name of their package. */
export const SUPPORTED_RUNNERS: Readonly<Record<string, string>> = manifest.peerDependencies
