import { describe, expect, test } from 'vitest'
import { TaskUpdates } from '../../plugin-vitest/task-updates.ts'

type Report = Parameters<TaskUpdates['wrap']>[0]
type Packs = Parameters<Report>[0]
type Events = Parameters<Report>[1]

/** The part of Vitest that collects updates and sends them in batches, always from the same two collections. */
class Batches {
  readonly updates = new TaskUpdates()
  /** What reached the main process. */
  readonly sent: unknown[] = []
  readonly #events: Events = []
  readonly #packs = new Map<string, Packs[number]>()
  readonly #report: Report

  constructor() {
    this.#report = this.updates.wrap(async (packs, events) => {
      this.sent.push({ packs: packs.map(([id, result]) => `${id} ${result?.state}`), events: tell(events) })
    })
    // Vitest sends its first batch when it has read the files.
    void this.flush()
  }

  emit(...entries: Array<[id: string, name: string, state: string]>): this {
    for (const [id, name, state] of entries) {
      this.#events.push([id, name, undefined] as Events[number])
      this.#packs.set(id, pack(id, state))
    }
    return this
  }

  async flush(): Promise<void> {
    await this.#report([...this.#packs.values()], this.#events)
    this.#events.length = 0
    this.#packs.clear()
  }
}

function pack(id: string, state: string): Packs[number] {
  return [id, { state }, {}] as unknown as Packs[number]
}

function event(id: string, name: string): Events[number] {
  return [id, name, undefined] as Events[number]
}

function tell(events: Events): string[] {
  return events.map(([id, name]) => `${id} ${name}`)
}

describe('where nothing was branched', () => {
  test('updates go out as Vitest gives them, and an empty batch does not', async () => {
    const batches = new Batches()
    batches.emit(['a', 'test-prepare', 'run'], ['a', 'test-finished', 'pass'])
    await batches.flush()
    await batches.flush()
    expect(batches.sent).toEqual([{ packs: ['a pass'], events: ['a test-prepare', 'a test-finished'] }])
  })
})

describe('outside, a task that ran in a branch', () => {
  const inside = () => ({ packs: [pack('a', 'fail')], events: [event('a', 'test-annotation')] })

  test('is sent with the result of the branch, and what the branch had not sent between its begin and its end', async () => {
    const batches = new Batches()
    batches.updates.settle('a', { ...inside(), isBegun: false, isEnded: false })
    batches.emit(['a', 'test-prepare', 'skip'], ['a', 'test-finished', 'skip'])
    await batches.flush()
    expect(batches.sent).toEqual([
      { packs: ['a fail'], events: ['a test-prepare', 'a test-annotation', 'a test-finished'] },
    ])
  })

  test('is not begun again when its branch has told that', async () => {
    const batches = new Batches()
    batches.updates.settle('a', { ...inside(), isBegun: true, isEnded: false })
    batches.emit(['a', 'test-prepare', 'skip'], ['a', 'test-finished', 'skip'])
    await batches.flush()
    expect(batches.sent).toEqual([{ packs: ['a fail'], events: ['a test-annotation', 'a test-finished'] }])
  })

  test('is not ended again when its branch has told that', async () => {
    const batches = new Batches()
    batches.updates.settle('a', { ...inside(), isBegun: true, isEnded: true })
    batches.emit(['a', 'test-prepare', 'skip'], ['a', 'test-finished', 'skip'])
    await batches.flush()
    expect(batches.sent).toEqual([{ packs: ['a fail'], events: ['a test-annotation'] }])
  })

  test('gives what its branch had not sent once, although it is reported in several batches', async () => {
    const batches = new Batches()
    batches.updates.settle('a', { ...inside(), isBegun: false, isEnded: false })
    await batches.emit(['a', 'test-prepare', 'skip']).flush()
    await batches.emit(['a', 'test-finished', 'skip']).flush()
    expect(batches.sent).toEqual([
      { packs: ['a fail'], events: ['a test-prepare', 'a test-annotation'] },
      { packs: ['a fail'], events: ['a test-finished'] },
    ])
  })

  test('when it is a suite is sent with all tasks below it', async () => {
    const batches = new Batches()
    const packs = [pack('s', 'pass'), pack('s1', 'pass'), pack('s2', 'fail')]
    const events = [event('s1', 'test-finished'), event('s2', 'test-prepare'), event('s2', 'test-finished')]
    batches.updates.settle('s', { packs, events, isBegun: true, isEnded: false })
    batches.emit(
      ['s', 'suite-prepare', 'skip'],
      ['s', 'suite-finished', 'skip'],
      ['t', 'test-prepare', 'run'],
    )
    await batches.flush()
    expect(batches.sent).toEqual([
      {
        packs: ['s pass', 's1 pass', 's2 fail', 't run'],
        events: [
          's1 test-finished',
          's2 test-prepare',
          's2 test-finished',
          's suite-finished',
          't test-prepare',
        ],
      },
    ])
  })

  test('leaves other tasks and other events alone', async () => {
    const batches = new Batches()
    batches.updates.settle('a', { packs: [pack('a', 'pass')], events: [], isBegun: true, isEnded: true })
    batches.emit(['b', 'test-prepare', 'run'], ['a', 'test-retried', 'skip'], ['b', 'test-finished', 'pass'])
    await batches.flush()
    expect(batches.sent).toEqual([
      { packs: ['b pass', 'a pass'], events: ['b test-prepare', 'a test-retried', 'b test-finished'] },
    ])
  })
})

describe('in a branch', () => {
  function branch(batches: Batches, ids: string[]): void {
    batches.updates.own(new Set(ids), ids[0] ?? '')
  }

  test('only updates of its own tasks go out, and the end of its task is left to the process outside', async () => {
    const batches = new Batches()
    branch(batches, ['s', 'a'])
    batches.emit(
      ['s', 'suite-prepare', 'run'],
      ['a', 'test-prepare', 'run'],
      ['a', 'test-finished', 'pass'],
      ['other', 'test-finished', 'pass'],
      ['s', 'suite-finished', 'pass'],
    )
    await batches.flush()
    expect(batches.sent).toEqual([
      { packs: ['s pass', 'a pass'], events: ['s suite-prepare', 'a test-prepare', 'a test-finished'] },
    ])
    expect(batches.updates.takeUnsent()).toEqual({ events: [], isBegun: true, sentInherited: 0 })
  })

  test('what was waiting when it began goes out first, with the results it is about', async () => {
    const batches = new Batches()
    batches.emit(['before', 'test-prepare', 'run'], ['before', 'test-finished', 'pass'])
    branch(batches, ['a'])
    batches.emit(['a', 'test-prepare', 'run'])
    await batches.flush()
    await batches.emit(['a', 'test-annotation', 'run'], ['before', 'test-finished', 'pass']).flush()
    expect(batches.sent).toEqual([
      {
        packs: ['before pass', 'a run'],
        events: ['before test-prepare', 'before test-finished', 'a test-prepare'],
      },
      { packs: ['a run'], events: ['a test-annotation'] },
    ])
    expect(batches.updates.takeUnsent()).toEqual({ events: [], isBegun: true, sentInherited: 2 })
  })

  test('that ends before its first batch, its own events come with its result and the waiting ones stay outside', () => {
    const batches = new Batches()
    batches.emit(['before', 'test-finished', 'pass'])
    branch(batches, ['a'])
    batches.emit(
      ['a', 'test-prepare', 'run'],
      ['a', 'test-annotation', 'run'],
      ['a', 'test-finished', 'pass'],
    )
    expect(batches.updates.takeUnsent()).toEqual({
      events: [event('a', 'test-prepare'), event('a', 'test-annotation')],
      isBegun: true,
      sentInherited: 0,
    })
    expect(batches.sent).toEqual([])
  })

  test('that did not come to begin its task, that is told', () => {
    const batches = new Batches()
    branch(batches, ['a'])
    batches.emit(['b', 'test-prepare', 'run'])
    expect(batches.updates.takeUnsent()).toEqual({ events: [], isBegun: false, sentInherited: 0 })
  })

  test('what is ended in a branch of its own is put right on its way, as outside', async () => {
    const batches = new Batches()
    branch(batches, ['s', 'a'])
    const events = [event('a', 'test-annotation')]
    batches.updates.settle('a', { packs: [pack('a', 'pass')], events, isBegun: false, isEnded: false })
    batches.emit(['a', 'test-prepare', 'skip'], ['a', 'test-finished', 'skip'])
    await batches.flush()
    expect(batches.sent).toEqual([
      { packs: ['a pass'], events: ['a test-prepare', 'a test-annotation', 'a test-finished'] },
    ])
  })

  test('events of a replay are dropped as often as they are announced', async () => {
    const batches = new Batches()
    branch(batches, ['a'])
    batches.updates.dropRepeated('a', 'test-prepare', 1)
    batches.updates.dropRepeated('a', 'test-retried', 2)
    for (let i = 0; i < 3; i++) batches.emit(['a', 'test-prepare', 'run'], ['a', 'test-retried', 'run'])
    await batches.flush()
    expect(batches.sent).toEqual([
      { packs: ['a run'], events: ['a test-prepare', 'a test-prepare', 'a test-retried'] },
    ])
  })
})

test('outside, what a branch has sent for this process is not sent again', async () => {
  const batches = new Batches()
  batches.emit(['before', 'test-finished', 'pass'])
  batches.updates.forgetWaiting(1)
  batches.emit(['after', 'test-prepare', 'run'])
  await batches.flush()
  expect(batches.sent).toEqual([{ packs: ['before pass', 'after run'], events: ['after test-prepare'] }])
})
