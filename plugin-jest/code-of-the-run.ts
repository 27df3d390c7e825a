/**
 * Files of Jest whose own access to files, in a worker, is the run's and not the test's: it reads and transforms modules when
 * a test asks for them, and writes snapshots. Not its mocks: they call what a test calls. Seen in 29.7 and 30.5.
 */
export const OF_THE_RUN: RegExp =
  /[\\/]node_modules[\\/](?:@jest[\\/][\w-]+|jest-(?!mock[\\/])[\w-]+|babel-[\w-]+|@babel[\\/][\w-]+|pirates|write-file-atomic)[\\/]/
