/**
 * Files of Vitest whose own access to files, in a worker, is the run's and not the test's: snapshots are read and written
 * there, transformed modules read, and in Vitest 5 coverage is written. Not its spies: they call what a test calls. (Attachments
 * and reports are written by the main process.) Seen in 4.1.12 and 5.1.1.
 */
export const OF_THE_RUN: RegExp =
  /[\\/]node_modules[\\/](@vitest[\\/](?:snapshot|coverage-\w+)|vite|vitest)[\\/]dist[\\/](?!chunks[\\/]spy\.)/
