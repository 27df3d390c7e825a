import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseJson } from '../intrinsics.ts'
import type { RunnerKit } from './runner-kit.ts'

/** A runner that is installed where a project finds it. */
export interface FoundRunner {
  kit: RunnerKit
  version: string
  /** Of its package. */
  folder: string
}

/** Those of the runners that are installed in a project; where there are none, in the nearest folder above it that has some. */
export function findRunners(project: string, kits: readonly RunnerKit[]): FoundRunner[] {
  for (let folder = project; ; folder = dirname(folder)) {
    const found = kits.flatMap(kit => {
      const place = join(folder, 'node_modules', kit.name)
      if (!existsSync(join(place, 'package.json'))) return []
      const { version } = parseJson(readFileSync(join(place, 'package.json'), 'utf8')) as { version: string }
      return [{ kit, version, folder: realpathSync(place) }]
    })
    if (found.length > 0 || folder === dirname(folder)) return found
  }
}
