/** What one test may have kept: what is beyond is not undone, and reported as such. */
export const MOST_BYTES: number = 256 * 2 ** 20
export const MOST_PATHS = 10_000

/** A file that is not larger costs less in the log than as a file of its own. */
export const MOST_IN_LOG: number = 16 * 2 ** 10
