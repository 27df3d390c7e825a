/** How much a host call matters to a rollback. */
export type Nature = 'safe' | 'virtualised' | 'compensable' | 'unsafe'

/** One row of the catalogue: what a family of calls does to the world outside, and what a rollback can do about it. */
export interface CatalogueRow {
  /** The whole name: `fs.promises.rm`, `process.kill`. */
  calls: RegExp
  nature: Nature
  /** What in the world it touches; see `EFFECTS`. `none`: nothing outside the objects of the program. */
  effect: Effect
  /** How it is taken back: completes "undone by …". */
  undo?: string
  /** When it is another nature than the row says. */
  depends?: string
  /** Another call through which it goes, and is seen. */
  through?: string
  /** Why the guard does not see it: one of the documented blind spots. */
  unseen?: string
  /** Of a safe call that touches something: why that is no matter. */
  why?: string
}

export type Effect =
  | 'none'
  | 'fs.read'
  | 'fs.write'
  | 'fs.create'
  | 'fs.delete'
  | 'fs.rename'
  | 'fs.meta'
  | 'fs.open'
  | 'fs.watch'
  | 'net.connect'
  | 'net.send'
  | 'net.listen'
  | 'net.query'
  | 'net.socket'
  | 'process.spawn'
  | 'process.signal'
  | 'process.exit'
  | 'process.identity'
  | 'process.priority'
  | 'process.state'
  | 'process.message'
  | 'thread.start'
  | 'thread.message'
  | 'thread.memory'
  | 'native.load'
  | 'native.call'
  | 'wasi.call'
  | 'db.open'
  | 'inspector'
  | 'timers'
  | 'clock'
  | 'random'
  | 'console'
  | 'runtime'
  /** A function of the project's own, by `hostCall`. */
  | 'declared'
