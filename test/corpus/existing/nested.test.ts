import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'

interface Tree {
  name: string
  children: Tree[]
}

const grown: string[] = []
let tree: Tree
const child = (name: string): Tree => ({ name, children: [] })

beforeEach(async () => {
  await null
  tree = child('root')
})

test('at the top', () => {
  tree.children.push(child('x'))
  expect(tree.children).toHaveLength(1)
})

describe('with a beforeEach of its own', () => {
  beforeEach(() => {
    tree.children.push(child('inner'))
  })
  test('sees both', () => {
    tree.children.push(child('x'))
    expect(tree).toEqual({ name: 'root', children: [child('inner'), child('x')] })
  })
  test('sees both, fresh', () => {
    expect(tree).toEqual({ name: 'root', children: [child('inner')] })
  })

  describe('three levels deep', () => {
    beforeEach(() => {
      tree.children[0]?.children.push(child('deep'))
    })
    afterEach(() => {
      expect(tree.children).toHaveLength(1)
    })
    test('sees all three', () => {
      expect(tree.children[0]?.children).toEqual([child('deep')])
      tree.children[0]?.children.push(child('x'))
    })
    test('fails in its afterEach', () => {
      tree.children.push(child('y'))
    })
    test('sees all three, fresh', () => {
      expect(tree.children[0]?.children).toEqual([child('deep')])
    })
  })

  test('a later sibling sees nothing of it', () => {
    expect(tree.children[0]?.children).toEqual([])
  })
})

describe('with a beforeAll', () => {
  const local: string[] = []
  beforeAll(() => {
    grown.push('beforeAll')
    local.push('beforeAll')
    return () => {
      grown.push('beforeAll cleanup')
    }
  })
  beforeEach(() => {
    tree.children.push(child(local.join()))
  })
  afterAll(() => {
    grown.push('afterAll')
  })
  test('sees what beforeAll did', () => {
    expect(tree.children[0]?.name).toBe('beforeAll')
    expect(grown).toContain('beforeAll')
  })
  describe('and one more inside', () => {
    beforeAll(() => {
      local.push('inner beforeAll')
      return () => {
        local.pop()
      }
    })
    test('sees both', () => {
      expect(tree.children[0]?.name).toBe('beforeAll,inner beforeAll')
    })
  })
})

describe('a beforeAll that touches what the outer beforeEach builds', () => {
  beforeAll(() => {
    if (tree) tree.children.push(child('from beforeAll'))
  })
  test('the outer beforeEach comes after it', () => {
    expect(tree.children).toEqual([])
  })
  test('for every test', () => {
    expect(tree.children).toEqual([])
  })
})

test('a later test sees nothing of them', () => {
  expect(tree).toEqual({ name: 'root', children: [] })
})

describe('only suites inside', () => {
  describe('one', () => {
    beforeEach(() => {
      tree.name = 'one'
    })
    test('is named', () => {
      expect(tree.name).toBe('one')
      tree.name = 'changed'
    })
  })
  describe('two', () => {
    test('is not', () => {
      expect(tree.name).toBe('root')
    })
  })
})

describe.each(['a', 'b'])('each %s', name => {
  beforeEach(() => {
    tree.children.push(child(name))
  })
  test('has its own child', () => {
    expect(tree.children.map(({ name: found }) => found)).toEqual([name])
    tree.children.length = 0
  })
  test('has it again', () => {
    expect(tree.children.map(({ name: found }) => found)).toEqual([name])
  })
})
