import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { HANG_LIMIT_MS } from '../support/hang-limit.ts'
import { targetNames, targetOf } from '../support/targets.ts'

const script = fileURLToPath(new URL('../engine-scripts/audit.mjs', import.meta.url))

function run(node: string, env: Readonly<Record<string, string>>): Record<string, unknown> {
  const args = ['--no-warnings', '--import', 'forkpoint/register', script, 'all']
  const { status, stdout, stderr } = spawnSync(node, args, {
    encoding: 'utf8',
    timeout: HANG_LIMIT_MS,
    env: { ...process.env, FORKPOINT: 'heap', ...env },
  })
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  return JSON.parse(stdout)
}

const say = (path: string, words: string): string =>
  `After a rollback \`test/engine-scripts/audit.mjs › ${path}\` ${words}; the heap engine does not see it: build it in the test, ` +
  'leave it out with exclude(), or leave this suite to the fork engine.'

/** The second and the fourth run change something, each what the one before has left. */
const inTurn = (second: string[], fourth: string[]): string[][] => [[], second, [], fourth]
const counted = (path: string): string[][] =>
  inTurn([say(path, 'was 0 and is 1')], [say(path, 'was 1 and is 2')])

const told: Readonly<Record<string, string[][]>> = {
  closure: counted('closure() › next › n'),
  sharedClosure: inTurn(
    [
      say('sharedClosure() › pair.next › n', 'was 1n and is 2n'),
      say('sharedClosure() › pair.next › last', 'was undefined and is a Map'),
    ],
    [
      say('sharedClosure() › pair.next › n', 'was 2n and is 3n'),
      say('sharedClosure() › pair.next › last', 'is another one: a Map'),
    ],
  ),
  behindClosure: inTurn(
    [
      say('behindClosure() › add › kept.list.length', 'was 0 and is 1'),
      say('behindClosure() › add › kept.list[0]', 'was added: "tea"'),
    ],
    [
      say('behindClosure() › add › kept.list.length', 'was 1 and is 2'),
      say('behindClosure() › add › kept.list[1]', 'was added: "tea"'),
    ],
  ),
  privateFields: inTurn(
    [
      say('privateFields() › box.#value', 'was 1 and is -0'),
      say('privateFields() › box.__proto__.constructor.#made', 'was 0 and is 1'),
    ],
    [say('privateFields() › box.__proto__.constructor.#made', 'was 1 and is 2')],
  ),
  boundFunction: counted('boundFunction() › bound [[TargetFunction]] › n'),
  promise: counted('promise() › promise [[PromiseResult]] › n'),
  weakMap: counted('weakMap() › map (entry) › n'),
  // The variable with its key comes back, so that the fourth run adds the same.
  hiddenWeakMap: inTurn([say('hiddenWeakMap() › note › seen (entries)', 'was added: an Object')], []),
  proxy: counted('proxy() › proxy [[Target]] › n'),
  nothing: inTurn([], []),
}

describe.each(targetNames)('the audit, on the Node of %s', name => {
  const { node } = targetOf(name)

  test('finds what the heap engine does not see, names its path, and tells each change once', () => {
    expect(run(node, { FORKPOINT_AUDIT: '1' })).toEqual(told)
  })

  test('is not done unless it is asked for', () => {
    const silent = Object.fromEntries(Object.keys(told).map(kind => [kind, inTurn([], [])]))
    expect(run(node, { FORKPOINT_AUDIT: '' })).toEqual(silent)
  })
})
