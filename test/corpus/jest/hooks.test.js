const { setup } = require('forkpoint')

let log
setup(() => {
  log = ['setup']
})
beforeEach(() => {
  log.push('each')
})
afterEach(() => {
  const isToBreak = log.includes('break afterEach')
  log = []
  if (isToBreak) throw new Error('afterEach is broken')
})

test('first', () => {
  expect(log).toEqual(['setup', 'each'])
  log.push('first')
})

test('breaks the hook after it', () => {
  log.push('break afterEach')
})

describe('around all', () => {
  let shared
  beforeAll(() => {
    shared = ['all']
    log.push('seen by none')
  })
  afterAll(() => {
    if (shared.length !== 1) throw new Error(`afterAll found ${shared}`)
  })

  test('one', () => {
    expect([...shared, ...log]).toEqual(['all', 'setup', 'each'])
    log.push('one')
  })

  test('two', () => {
    expect([...shared, ...log]).toEqual(['all', 'setup', 'each'])
  })

  describe('nested', () => {
    beforeEach(() => {
      log.push('inner each')
    })
    test('three', () => {
      expect(log).toEqual(['setup', 'each', 'inner each'])
    })
  })
})

describe('a broken beforeAll', () => {
  beforeAll(() => {
    throw new Error('beforeAll is broken')
  })
  test('does not run', () => {})
  describe('below it', () => {
    setup(() => {})
    test('does not either', () => {})
  })
})

describe('a broken afterAll', () => {
  afterAll(() => {
    throw new Error('afterAll is broken')
  })
  test('passes', () => {
    expect(log).toEqual(['setup', 'each'])
  })
})

describe('a broken beforeEach', () => {
  beforeEach(async () => {
    await null
    throw new TypeError('beforeEach is broken')
  })
  describe('nested', () => {
    beforeEach(() => {
      log.push('not reached')
    })
    test('fails too', () => {})
  })
  test('fails', () => {})
})

describe.skip('skipped', () => {
  beforeAll(() => {
    throw new Error('never')
  })
  setup(() => {
    throw new Error('never')
  })
  test('never', () => {})
})

test('last', () => {
  expect(log).toEqual(['setup', 'each'])
})
