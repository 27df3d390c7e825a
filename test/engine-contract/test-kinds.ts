import { expect, test } from 'vitest'
import { type Kind, type KindRefusal, kinds } from '../kinds/table.ts'
import type { Ended, Launch, Traits } from './engine-under-test.ts'

/** What a script of kinds said of each, by name. */
type Told = Readonly<Record<string, unknown>>

function readTold({ status, stdout, stderr }: Ended): Told {
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  const lines = stdout.trim().split('\n')
  return Object.fromEntries(
    lines.map(line => {
      const { name, told } = JSON.parse(line) as { name: string; told: unknown }
      return [name, told]
    }),
  )
}

/** The whole error that says it. */
function messageOf({ to, path, why }: KindRefusal): string {
  const verb = to === 'take' ? 'take a checkpoint' : 'run from the checkpoint'
  return (
    `[forkpoint] Failed to ${verb}: \`${path}\` can't be put back: ${why}. ` +
    'Remedy: build it in the test, or leave this suite to the fork engine. (ERR_FORKPOINT_STATE)'
  )
}

/** The part of the contract that is about kinds of state: all that don't stand in the way of others share a process. */
export function testKinds(launch: Launch, { refusalOf }: Pick<Traits, 'refusalOf'>): void {
  const isAlone = (kind: Kind): boolean => refusalOf(kind)?.to === 'take'
  let shared: Ended | undefined
  const tell = (name: string, kind: Kind): unknown => {
    if (isAlone(kind)) return readTold(launch('kinds', name))[name]
    const together = Object.entries(kinds).flatMap(([each, other]) => (isAlone(other) ? [] : [each]))
    shared ??= launch('kinds', together.join())
    return readTold(shared)[name]
  }

  test.each(Object.entries(kinds))('%s', (name, kind) => {
    const { seen } = kind
    const refusal = refusalOf(kind)
    const wanted = refusal ? { refused: messageOf(refusal) } : { first: seen, second: seen, third: seen }
    expect(tell(name, kind)).toEqual(wanted)
  })
}
