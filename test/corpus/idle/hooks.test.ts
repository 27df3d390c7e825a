import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  onTestFailed,
  onTestFinished,
  test,
} from 'vitest'

const calls: string[] = []
const call = (name: string): void => {
  calls.push(name)
}

beforeAll(() => {
  call('file beforeAll')
  return () => call('file beforeAll cleanup')
})
afterAll(() => {
  console.log(calls.join('\n'))
})
beforeEach(({ task }) => {
  call(`file beforeEach of ${task.name}`)
  return () => call(`file beforeEach cleanup of ${task.name}`)
})
afterEach(() => call('file afterEach'))

test('first', () => {
  call('first')
  onTestFinished(() => call('finished first'))
  onTestFailed(() => call('failed first'))
})

describe('outer', () => {
  beforeAll(() => call('outer beforeAll'))
  beforeEach(() => call('outer beforeEach'))
  afterEach(() => call('outer afterEach'))
  afterAll(() => call('outer afterAll'))
  test('second, failing', ({ onTestFailed, onTestFinished }) => {
    onTestFinished(() => call('finished second'))
    onTestFailed(({ task }) => call(`failed second: ${task.result?.errors?.length}`))
    expect(1).toBe(2)
  })
  describe('inner', () => {
    beforeAll(async () => {
      await null
      call('inner beforeAll')
    })
    beforeEach(() => call('inner beforeEach'))
    afterEach(() => call('inner afterEach'))
    afterAll(() => call('inner afterAll'))
    test('third', () => call('third'))
    test('fourth', () => call('fourth'))
  })
  test('fifth', () => call('fifth'))
})

describe('hooks that fail', () => {
  describe('beforeAll', () => {
    beforeAll(() => {
      throw new Error('beforeAll failed')
    })
    test('is not run', () => {})
    test('nor this', () => {})
  })
  describe('beforeEach', () => {
    beforeEach(() => {
      throw new Error('beforeEach failed')
    })
    afterEach(() => call('afterEach after a failed beforeEach'))
    test('fails through it', () => {})
  })
  describe('afterEach', () => {
    afterEach(() => {
      throw new Error('afterEach failed')
    })
    test('fails through it', () => {})
    test('fails twice', () => {
      throw new Error('body failed')
    })
  })
  describe('afterAll', () => {
    afterAll(() => {
      throw new Error('afterAll failed')
    })
    test('passes', () => {})
  })
  describe('cleanup', () => {
    beforeEach(() => () => {
      throw new Error('cleanup failed')
    })
    test('fails through it', () => {})
  })
  describe('onTestFinished', () => {
    test('fails through it', () => {
      onTestFinished(() => {
        throw new Error('onTestFinished failed')
      })
    })
  })
  describe('a hook out of time', () => {
    beforeEach(() => new Promise(() => {}), 40)
    test('fails through it', () => {})
  })
})

describe('hooks and retries', () => {
  let built = 0
  beforeEach(() => {
    built++
  })
  test('each try runs them', { retry: 2 }, () => {
    expect(built).toBe(3)
  })
})
