import type { BigIntStats } from 'node:fs'
import type { Inode } from './inode.ts'

/** A file that exists, and the way to it: in memory, or on the disk only. */
export interface Found {
  parent: Found | null
  name: string
  inode: Inode | null
  /** Where the disk has it; null for what is in memory. */
  disk: string | null
  stats: BigIntStats | null
}
