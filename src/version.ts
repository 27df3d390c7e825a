import manifest from '../package.json' with { type: 'json' }

/** The version of forkpoint; the build copies it in from package.json. */
export const version: string = manifest.version
