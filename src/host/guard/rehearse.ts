import { join } from 'node:path'
import { undoFolder } from '../journal/undo.ts'
import { JournalUnit } from '../journal/unit.ts'
import { real } from '../memory-disk/real-disk.ts'
import { type Frame, readFrames } from './callers.ts'
import { DiskGuard } from './disk-guard.ts'

/** What is in the file that is changed: as small as most. */
const CONTENT = 'rehearsal'

/**
 * Goes once through all that is done when a test changes a file of its setup, in a folder of its own: what has been compiled in the
 * process that branches is not compiled again in each of the branches.
 */
export function rehearse(folder: string): Frame[] {
  const disk = new DiskGuard('all')
  const unit = new JournalUnit(join(folder, 'unit'))
  const file = join(folder, 'file')
  try {
    real.mkdirSync(folder, { recursive: true })
    real.writeFileSync(file, CONTENT)
    disk.begin(unit)
    for (const path of [file, join(folder, 'new')]) {
      const { settle } = disk.keep({ kind: 'write', path, how: 'anew' })
      real.writeFileSync(path, CONTENT)
      settle()
    }
    unit.seal()
    undoFolder(unit.folder, { keptFolder: folder })
  } catch {
    // Then it is done for the first time in each branch.
  } finally {
    real.rmSync(folder, { recursive: true, force: true })
  }
  return readFrames(rehearse as never, 1)
}
