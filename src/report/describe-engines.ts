import { groupEngines } from './engine-groups.ts'
import type { EngineRecord, FileRecord } from './run-record.ts'
import { count, type Manner, type Section } from './section.ts'

/** Which engine ran and why; and for each engine that was tried before it, why not and what to do. */
export function describeEngines(files: readonly FileRecord[], manner: Manner): Section {
  const groups = groupEngines(files)
  const lines = groups.flatMap(group => {
    const share = groups.length > 1 ? ` in ${count(group.files, 'file')}` : ''
    return describeEngine(group.engine, share, manner)
  })
  return { label: 'Forkpoint', lines }
}

function describeEngine({ chosen, why, refused }: EngineRecord, share: string, { style }: Manner): string[] {
  const name = chosen === 'off' ? style.yellow('off') : style.bold(style.green(`${chosen} engine`))
  return [
    `${name}${style.dim(`${share}: ${why}`)}`,
    ...refused.map(({ engine, why, remedy }) => `${engine} engine can't run here: ${why}; ${remedy}`),
  ]
}
