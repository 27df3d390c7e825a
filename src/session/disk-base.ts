import type { DiskState } from '../host/memory-disk/disk-state.ts'
import type { MemoryDisk } from '../host/memory-disk/memory-disk.ts'

/**
 * The memory disk as it was before the steps of a test ran. Where a test is not rolled back, its disk still is: else setups
 * that run again would find the files of the last time.
 */
export class DiskBase {
  readonly #disk: MemoryDisk | null
  #kept: DiskState | null = null
  #tries = 0

  /** @param disk null: files go to the real disk, and stay */
  constructor(disk: MemoryDisk | null) {
    this.#disk = disk
  }

  /** Steps are about to run. Those that run later, over what these have left, keep nothing of their own. */
  keep(): void {
    this.#kept ??= this.#disk?.keep() ?? null
  }

  startTry(): void {
    this.keep()
    this.#tries++
  }

  /** Tests that run at the same time share the disk: it comes back after the last of them. */
  endTry(): void {
    if (--this.#tries === 0) this.putBack()
  }

  /** Within a try: the state is to be built once more. */
  startAgain(): void {
    if (this.#kept !== null) this.#disk?.putBack(this.#kept)
  }

  putBack(): void {
    if (this.#kept !== null) this.#disk?.putBack(this.#kept)
    this.#kept = null
  }
}
