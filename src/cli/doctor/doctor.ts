import { release } from 'node:os'
import type { EngineName } from '../../engine.ts'
import { layOut } from '../../report/lay-out.ts'
import type { Section } from '../../report/section.ts'
import { formatMs } from '../../report/statistics.ts'
import { createStyle, type Style } from '../../report/style.ts'
import { SUPPORTED_NODE, SUPPORTED_RUNNERS } from '../../supported.ts'
import { version } from '../../version.ts'
import { type Command, EXIT, type Surroundings } from '../command.ts'
import { findRunners } from '../find-runners.ts'
import { satisfies } from '../satisfies.ts'
import { probeEngine } from './probe-engine.ts'
import type { Probed } from './probed.ts'

/** In the order in which `engine: 'auto'` tries them. */
const ENGINES: readonly EngineName[] = ['fork', 'heap']

export const doctor: Command = {
  name: 'doctor',
  does: "prints which engines can run here and, for each that can't, why and what to do",
  more:
    'Each engine is tried out, in a process that is started as the test runners start theirs. What the configuration of a project\n' +
    'leaves possible (its pool, its environment) stands at the end of its runs. Ends with 0 when at least one engine can run.',
  operands: [],
  flags: {},
  rest: null,
  run(_, surroundings) {
    const { terminal } = surroundings
    const style = createStyle(terminal.colors)
    const probes = ENGINES.map(engine => [engine, probeEngine(engine, terminal.env)] as const)
    const sections = [
      describeNode(style),
      describeRunners(surroundings, style),
      ...probes.map(([engine, probed]) => describeEngine(engine, probed, style)),
      describeChoice(probes, style),
    ]
    terminal.print(layOut(sections, style))
    return probes.some(([, { refusal }]) => refusal === null) ? EXIT.ok : EXIT.no
  },
}

function describeNode({ bold, yellow }: Style): Section {
  const { platform, arch, versions } = process
  const where = `${bold(version)} on Node ${versions.node}, ${platform}-${arch}, kernel ${release()}`
  return {
    label: 'Forkpoint',
    lines: satisfies(versions.node, SUPPORTED_NODE)
      ? [where]
      : [where, yellow(`This Node is not supported: install one of ${SUPPORTED_NODE}.`)],
  }
}

function describeRunners({ terminal, runners }: Surroundings, { bold, yellow, dim }: Style): Section {
  const lines = findRunners(terminal.cwd, runners).map(({ kit: { name, line }, version: found }) => {
    const range = SUPPORTED_RUNNERS[name] ?? ''
    return satisfies(found, range)
      ? `${bold(`${name} ${found}`)}${dim(`, set up by ${line('')}`)}`
      : yellow(`${name} ${found} is not supported: install ${name}@"${range}"`)
  })
  const names = runners.map(({ name }) => `${name}@"${SUPPORTED_RUNNERS[name]}"`).join(' or ')
  return {
    label: 'Runner',
    lines: lines.length > 0 ? lines : [yellow(`none is installed in ${terminal.cwd}: install ${names}`)],
  }
}

function describeEngine(engine: EngineName, probed: Probed, { bold, green, yellow, dim }: Style): Section {
  const label = engine === 'fork' ? 'Fork engine' : 'Heap engine'
  if (probed.refusal !== null) {
    const { check, why, remedy } = probed.refusal
    return {
      label,
      lines: [yellow(`can't run: ${why}${dim(` (check "${check}")`)}`), `Remedy: ${remedy}.`],
    }
  }
  const { ms, aids } = probed
  return {
    label,
    lines: [
      `${bold(green('can run'))}${dim(`: a rollback of next to nothing took ${formatMs(ms)}`)}`,
      ...aids.map(({ aid, missing, without }) =>
        missing === null
          ? dim(`${aid}: yes`)
          : `${aid}: no, ${missing}${without === undefined ? '' : `; ${without}`}`,
      ),
    ],
  }
}

function describeChoice(probes: ReadonlyArray<readonly [EngineName, Probed]>, { yellow }: Style): Section {
  const [first] = probes.find(([, { refusal }]) => refusal === null) ?? []
  const words =
    first === undefined
      ? yellow('No engine can run here: setups are re-run for every test, as without forkpoint.')
      : `\`engine: 'auto'\` takes the ${first} engine here.`
  return { label: 'Choice', lines: [words] }
}
