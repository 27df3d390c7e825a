import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { runScript, scriptPath, startFlags } from './run-script.ts'

const killed = { signal: 9, code: 0, timedOut: true }

describe('a result', () => {
  test.each([
    ['value', { signal: 0, code: 0, timedOut: false, value: { text: 'déjà vu', list: [1, 2, 3] } }],
    ['nothing', { signal: 0, code: 0, timedOut: false }],
    ['large', { length: 10e6, same: true }],
    ['nested', { counter: 1, outer: { counter: 11, inner: [111, 211] } }],
  ])('comes back whole: %s', (scenario, wanted) => {
    expect(runScript('results', scenario)).toEqual({ value: wanted, stderr: '' })
  })

  test('that nobody reads any more ends the child with code 98 and a line on stderr', () => {
    expect(runScript('results', 'unreadResult')).toEqual({
      value: 98,
      stderr: 'forkpoint: write of the result failed in a child: Broken pipe\n',
    })
  })
})

describe('the end of a child', () => {
  test.each([
    ['a busy loop is killed at the deadline', 'busy', killed],
    ['endless waiting is killed at the deadline', 'silent', killed],
    ['a child that closed its result pipe and stays is killed, whatever the deadline', 'closedPipe', killed],
    [
      'a child that writes now and then outlives the deadline',
      'beats',
      { status: 0, timedOut: false, text: '..........end' },
    ],
    [
      'while the parent is stopped, no time passes for its child',
      'stoppedParent',
      { signal: 0, code: 0, timedOut: false, value: 'in time' },
    ],
    ['what was written before the deadline is kept', 'partial', { signal: 9, timedOut: true, text: 'half' }],
    ['an abort is told by its signal', 'abort', { signal: 6, code: 0, timedOut: false }],
    ['a segmentation fault is told by its signal', 'segfault', { signal: 11, code: 0, timedOut: false }],
    ['process.exit is told by its code', 'exitCode', { signal: 0, code: 70, timedOut: false }],
  ])('%s', (_, scenario, wanted) => {
    expect(runScript('results', scenario).value).toEqual(wanted)
  })

  test('a child that cannot be set up exits with code 98 and names the call', () => {
    expect(runScript('results', 'badDescriptor')).toEqual({
      value: { signal: 0, code: 98, timedOut: false },
      stderr: 'forkpoint: dup2 failed in a child: Bad file descriptor\n',
    })
  })

  test.each([
    ['a killed parent', 'family'],
    ['a parent killed between fork(2) and the wait', 'deserter'],
  ])('%s leaves neither child nor grandchild behind', async (_, scenario) => {
    const parent = spawn(process.execPath, [...startFlags, scriptPath('state'), scenario])
    let said = ''
    parent.stdout.on('data', text => {
      said += text
      if (said.endsWith('\n')) parent.kill('SIGKILL')
    })
    // The family inherited the pipe behind stdout: it closes when the last of them closes it, dying.
    await once(parent, 'close')
    const pids = said.match(/\d+/g) ?? []
    await expect.poll(() => pids.map(isRunning)).toEqual(pids.map(() => false))
  })

  test('of a process that dies with its parent comes with the death of that', async () => {
    const worker = [process.execPath, ...startFlags, scriptPath('state'), 'follower'].map(part => `'${part}'`)
    const shell = spawn('sh', ['-c', `${worker.join(' ')}; exit`])
    const [pid] = await once(shell.stdout, 'data')
    expect(isRunning(String(pid).trim())).toBe(true)
    shell.kill('SIGKILL')
    await once(shell, 'close')
    await expect.poll(() => isRunning(String(pid).trim())).toBe(false)
  })
})

describe('state', () => {
  test('changed in a child is unchanged in the parent', () => {
    expect(runScript('state', 'isolation').value).toEqual({
      child: [2, [1, 2], 'broken', 131072, 'set', true],
      parent: [1, [1], 'kept', 65536, null, false],
    })
  })

  test('of a server started before: each child is answered from its own, the parent from its own', () => {
    expect(runScript('state', 'inheritedServer').value).toEqual([
      'counter 1',
      'counter 2',
      'counter 3',
      'counter 1',
    ])
  })

  test('of a connection is shared unless its descriptor is neutralised', () => {
    expect(runScript('state', 'notNeutralised').value).toBe('child parent')
    expect(runScript('state', 'neutralised').value).toBe('parent')
  })

  test('of the descriptor table is the same after 200 children', () => {
    expect(runScript('state', 'descriptors').value).toBe(0)
  })

  test('of identity: a child has its own pid, which Node does not know, and no other threads', () => {
    expect(runScript('state', 'identity').value).toEqual({
      ownPid: true,
      remembersParent: true,
      parentSeesThreads: true,
      childThreads: [],
    })
  })
})

describe('work in a child', () => {
  test.each([
    'allocate',
    'collectGarbage',
    'compile',
    'evaluate',
    'wasm',
    'timers',
    'files',
    'zlib',
    'crypto',
    'http',
    'spawn',
    'worker',
    'workerEnds',
  ])('%s', step => {
    expect(runScript('work', step)).toEqual({
      value: { signal: 0, code: 0, timedOut: false, value: `${step} done` },
      stderr: '',
    })
  })

  test('garbage is collected although the parent had the usual number of V8 workers', () => {
    const flags = ['--single-threaded', '--expose-gc']
    expect(runScript('work', 'collectGarbageWithWorkers', flags).value).toEqual({
      signal: 0,
      code: 0,
      timedOut: false,
      value: 'collectGarbage done',
    })
  })

  test("the parent's interval ticks in the child and not in the waiting parent", () => {
    expect(runScript('work', 'interval').value).toEqual({ child: true, parent: 0 })
  })
})

test('requests in flight are counted', () => {
  expect(runScript('work', 'activeRequests').value).toEqual([0, 2, 0])
})

test('resident memory is measured, and huge pages leave its contents alone', () => {
  expect(runScript('work', 'memory').value).toEqual({
    grown: true,
    tried: true,
    timed: true,
    same: true,
    withoutTime: { blocks: 0, left: true },
  })
})

test('pages that one child has noted are ready in another', () => {
  expect(runScript('work', 'notes').value).toEqual({ first: true, second: true, same: true })
})

test('with the addresses reserved that V8 asks for, its heap grows in one piece', () => {
  expect(runScript('work', 'gathered').value).toEqual({
    reservesMost: true,
    again: 0,
    isGathered: true,
    same: true,
  })
})

test('a wrong argument is an error that names the call', () => {
  expect(runScript('results', 'misuse').value).toEqual([
    'kill failed: EINVAL, Invalid argument',
    'waitpid failed: ECHILD, No child processes',
    'too few arguments',
    'napi_get_value_bool(env, values[0], &repair): A boolean was expected',
    'fork failed: E2BIG, Argument list too long',
  ])
})

/** A zombie counts as gone: it waits for the system to take note. */
function isRunning(pid: string): boolean {
  const path = `/proc/${pid}/stat`
  return existsSync(path) && !/\) [ZX] /.test(readFileSync(path, 'utf8'))
}
