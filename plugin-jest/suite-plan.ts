import { type FilePlan, type PlannedHook, type PlannedSuite, planLevels, type Step } from 'forkpoint/adapter'
import { type Block, type CircusState, type Hook, isToRun, namesOf, testsBelow } from './circus.ts'
import { type HookMark, judgeHook, siteOf } from './hook-marks.ts'

export interface PlanOptions {
  testPath: string
  state: CircusState
  /** Of the setups. */
  marks: ReadonlyMap<Hook, HookMark>
  /** Jest's own hook, which is no user's. */
  ofJest: Hook | undefined
  hoist: boolean
  scope: 'setup' | 'all'
  toStep(kind: Step['kind'], hook: Hook): Step
  /** Called at the place of a step among the `beforeEach` hooks of the test that runs. */
  deliver(step: Step): Promise<void>
}

/** Finds the fixtures in the hooks that a file has registered, and puts a placeholder where each of them stood. */
export function planFile(options: PlanOptions): FilePlan<Block> {
  const { hoist, scope, state, testPath } = options
  return planLevels<Block>(state.rootDescribeBlock, block => readBlock(block, options), {
    file: testPath,
    hoist,
    scope,
    hoistObstacle: null,
  })
}

function readBlock(block: Block, options: PlanOptions): PlannedSuite<Block> {
  const { state, ofJest } = options
  const has = (type: Hook['type']): boolean => block.hooks.some(hook => hook.type === type)
  const hooks = block.hooks.filter(hook => hook.type === 'beforeEach' && hook !== ofJest)
  return {
    fullName: namesOf(block).join(' > '),
    hooks: hooks.map(hook => readHook(hook, options)),
    hasHooksAround: false,
    hasHooksBefore: has('beforeAll'),
    hasHooksAfter: has('afterAll'),
    // Jest runs no hooks for concurrent tests.
    tests: block.children.filter(child => child.type === 'test' && !child.concurrent && isToRun(child, state))
      .length,
    // Jest runs no hooks where there is no test to run.
    nested: block.children
      .filter(child => child.type === 'describeBlock')
      .filter(nested => hasTests(nested, state)),
  }
}

export function hasTests(block: Block, state: CircusState): boolean {
  return [...testsBelow(block)].some(test => isToRun(test, state))
}

function readHook(hook: Hook, { marks, hoist, toStep, deliver }: PlanOptions): PlannedHook {
  const { fn } = hook
  const mark = marks.get(hook) ?? (hoist ? judgeHook(fn) : { kind: 'blocked' as const, why: '' })
  return {
    ...mark,
    findSite: () => siteOf(hook),
    take: kind => {
      const step = toStep(kind, { ...hook })
      hook.fn = () => deliver(step)
      return step
    },
    putBack: () => {
      hook.fn = fn
    },
  }
}
