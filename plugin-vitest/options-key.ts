/** Under this name the plugin provides its options to the workers. */
export const OPTIONS_KEY = 'forkpoint:options'
