import { sharedState } from '../state.ts'
import { loadAddon } from './addon.ts'
import { missingFlags } from './start-flags.ts'

/** V8 asks for each of its 256 KiB pages at an address of its own, random in 46 bits (x64 and arm64, Node 20 to 26). */
const RANDOM_END = 2 ** 46

/** What needs addresses of 32 bits finds them. */
const RANDOM_START = 2 ** 32

/**
 * Makes V8's heap grow in one piece from now on: with all the addresses taken that V8 asks for, the kernel puts each page
 * next to the one before. Scattered, every page has a mapping and three page tables of its own for fork(2) to copy, and
 * none can become part of a huge page. Costs no memory; where the address space is limited (`ulimit -v`) nothing changes.
 *
 * Only in processes that were started for the fork engine, and only what is mapped later: call it early, but where something
 * is to be rolled back. It takes 4 ms on Node 24, for as many pages as have been scattered by then.
 */
export function gatherHeap(): void {
  const state = sharedState()
  if (state.isHeapGathered) return
  state.isHeapGathered = true
  if (process.platform !== 'linux' || missingFlags(process.execArgv).length > 0) return
  const addon = loadAddon()
  if (!('why' in addon)) addon.reserve(RANDOM_START, RANDOM_END)
}
