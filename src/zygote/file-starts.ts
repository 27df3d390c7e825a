import type { Obstacle } from '../engine.ts'
import type { LeftFile, StartsRecord, ZygoteRecord } from '../report/starts-record.ts'
import type { ZygoteReport } from './orders.ts'

/** Takes note, in the main process, of how the test files of a run were started. */
export class FileStarts {
  #left: LeftFile[] = []
  readonly #projects: LeftFile[] = []
  readonly #zygotes = new Map<ZygoteReport, ZygoteRecord>()

  noteForked(from: ZygoteReport): void {
    const known = this.#zygotes.get(from)
    if (known !== undefined) known.files++
    else this.#zygotes.set(from, toRecord(from))
  }

  noteLeft(files: readonly string[], { why, remedy }: Pick<Obstacle, 'why' | 'remedy'>): void {
    this.#left.push(...files.map(file => ({ file, why, remedy })))
  }

  /** In no run can the files of a project be forked. */
  noteProject({ why, remedy }: Pick<Obstacle, 'why' | 'remedy'>): void {
    this.#projects.push({ file: '', why, remedy })
  }

  /** What there is of the run that ends; the next one begins with nothing. Null where there was nothing to take note of. */
  take(): StartsRecord | null {
    const zygotes = [...this.#zygotes.values()]
    const left = [...this.#projects, ...this.#left]
    this.#zygotes.clear()
    this.#left = []
    if (zygotes.length === 0 && left.length === 0) return null
    return { forked: zygotes.reduce((total, { files }) => total + files, 0), left, zygotes }
  }
}

function toRecord({ startMs, preloaded, residentBytes }: ZygoteReport): ZygoteRecord {
  return { startMs, residentMb: residentBytes / 2 ** 20, preloaded: [...preloaded], files: 1 }
}
