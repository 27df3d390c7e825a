import type { Finding } from '../../src/finding.ts'

/** A suite whose modules have tags. @param runner what the tests import from */
export const taggedFiles = (
  runner: string,
): Readonly<Record<'src/mail.ts' | 'src/bad.ts' | 'tags.test.ts' | 'bad.test.ts', string>> => ({
  'src/mail.ts': `
    import { execSync } from 'node:child_process'
    import { rmSync, writeFileSync } from 'node:fs'
    import { onRollback } from 'forkpoint'

    type Options = { quiet?: boolean }

    /** @rollback safe — only reads */
    export function log(_: Options = {}): string {
      return String(execSync('true'))
    }

    /** @rollback unsafe — a mail is on its way */
    export const send = async <T,>(to: T): Promise<T> => {
      await null
      execSync('true')
      return to
    }

    export class Mailer {
      #sent = 0
      /** @rollback safe — counts */
      count(): number {
        execSync('true')
        return ++this.#sent
      }
      /** @rollback compensable — removed again */
      static async store(name: string): Promise<void> {
        writeFileSync(name, '')
        await null
        onRollback(() => rmSync(name))
      }
      /** @rollback compensable — says so, and is not */
      static async keep(name: string): Promise<void> {
        await null
        writeFileSync(name, '')
      }
    }

    /** @rollback safe — a number is no function */
    export const limit = 3
  `,
  'src/bad.ts': `
    export const nothing = 0
    /** @rollback safe */
    export const read = () => {}
  `,
  'tags.test.ts': `
    import { existsSync } from 'node:fs'
    import { setup } from 'forkpoint'
    import { expect, test } from '${runner}'
    import { log, Mailer, send } from './src/mail'
    let mailer: Mailer
    setup(() => {
      mailer = new Mailer()
    })
    test('safe', () => {
      expect([log(), log.name, log.length, mailer.count()]).toEqual(['', 'log', 0, 1])
      expect(log).toBeInstanceOf(Function)
    })
    test('unsafe', async () => {
      expect(await send('you')).toBe('you')
    })
    test('compensable', async () => {
      await Mailer.store('stored.txt')
      expect(existsSync('stored.txt')).toBe(true)
    })
    test('compensated', async () => {
      expect(existsSync('stored.txt')).toBe(false)
      expect(mailer.count()).toBe(1)
    })
    test('not compensated', () => Mailer.keep('kept.txt'))
  `,
  'bad.test.ts': `
    import { test } from '${runner}'
    import { read } from './src/bad'
    test('reads', () => read())
  `,
})

/** What is reported of it, where host calls that can't be rolled back are errors. */
export function describeTagged(findings: readonly Finding[]): unknown[] {
  return findings
    .filter(({ kind }) => kind === 'host-call')
    .map(({ test: name, nature, call, detail, site = '' }) => [
      name,
      nature,
      call,
      detail.trim(),
      site.split(':')[1],
    ])
}

const lineOf = (text: string): number =>
  taggedFiles('')
    ['tags.test.ts'].split('\n')
    .findIndex(line => line.includes(text)) + 1

export const TAGGED_CALLS: readonly unknown[] = [
  [
    'unsafe',
    'unsafe',
    'send',
    "send can't be rolled back: a mail is on its way.",
    String(lineOf('await send')),
  ],
  [
    'not compensated',
    'compensable',
    'Mailer.keep',
    'Mailer.keep was not undone: it has registered no undo by `onRollback()`.',
    String(lineOf('Mailer.keep')),
  ],
]

export const MISPLACED_TAG: string =
  'The tag `@rollback` at src/mail.ts:40 annotates no function: it stands before no function. Correct it, or remove it.'

export const TAG_WITHOUT_REASON: string =
  '[forkpoint] Failed to read `@rollback safe` at src/bad.ts:3: the reason is missing. Say in a few words why this is right, ' +
  'for the next reader: `@rollback safe — why` (ERR_FORKPOINT_OPTION)'
