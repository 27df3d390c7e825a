/** What Vitest puts into modules: imports that it has made dynamic, and the counters of the istanbul provider. */
export const FOREIGN: RegExp = /^(?:__vi_|__vite_|cov_)/
