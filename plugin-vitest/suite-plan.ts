import type { FilePlan as Plan } from 'forkpoint/adapter'
import { type PlannedHook, type PlannedSuite, planLevels, type Step, type TestPlace } from 'forkpoint/adapter'
import type { HookMark, HookMarks } from './hook-marks.ts'
import {
  type Hook,
  hooksOf,
  isFile,
  isSuite,
  isToRun,
  parentOf,
  type Suite,
  type Test,
  type TestFile,
} from './internals.ts'

export type FilePlan = Plan<Suite>

export interface PlanOptions {
  marks: HookMarks
  hoist: boolean
  scope: 'setup' | 'all'
  /** Why no hook of the file can be hoisted, if there is a reason. */
  hoistObstacle: string | null
  /** Called at the place of a step among the `beforeEach` hooks of a test; gives its teardown. */
  deliver(step: Step, test: Test): unknown
}

/** Finds the fixtures in the hooks that a file has registered, and puts a placeholder where each of them stood. */
export function planFile(file: TestFile, options: PlanOptions): FilePlan {
  const { hoist, scope, hoistObstacle } = options
  return planLevels<Suite>(file, suite => readSuite(suite, options), {
    file: file.filepath,
    hoist,
    scope,
    hoistObstacle,
  })
}

function readSuite(suite: Suite, options: PlanOptions): PlannedSuite<Suite> {
  const hooks = hooksOf(suite)
  return {
    fullName: fullNameOf(suite),
    hooks: hooks.beforeEach.map((hook, index) => readHook(suite, hook, index, options)),
    hasHooksAround: hooks.aroundEach.length > 0,
    hasHooksBefore: hooks.beforeAll.length + hooks.aroundAll.length > 0,
    hasHooksAfter: hooks.afterAll.length > 0,
    tests: suite.tasks.filter(task => !isSuite(task) && isToRun(task)).length,
    nested: suite.tasks.filter(isSuite),
  }
}

function readHook(suite: Suite, hook: Hook, index: number, options: PlanOptions): PlannedHook {
  return {
    ...describeMark(options.marks.get(hook)),
    findSite: () => siteOf(hook),
    take: kind => makeStep(kind, suite, index, options),
    putBack: () => {
      hooksOf(suite).beforeEach[index] = hook
    },
  }
}

const UNSEEN =
  'forkpoint did not see its source: it is registered by another file, or not in a statement of its own'

function describeMark(mark: HookMark | undefined): HookMark | { kind: 'unseen'; why: string } {
  return mark ?? { kind: 'unseen', why: UNSEEN }
}

/** Puts a placeholder in the hook's place, and makes a step of the hook. */
function makeStep(kind: Step['kind'], suite: Suite, index: number, { deliver }: PlanOptions): Step {
  const { beforeEach } = hooksOf(suite)
  const hook = beforeEach[index] as (context: undefined, suite: Suite) => unknown
  const step: Step = {
    kind,
    // Without a context Vitest's wrapper calls the user's function with an empty one; it keeps the time-out.
    run: () => hook(undefined, suite),
    toTeardown: returned => (typeof returned === 'function' ? (returned as () => unknown) : undefined),
  }
  const placeholder = ({ task }: { task: Test }): unknown => deliver(step, task)
  // Time-out and place of the teardown, which Vitest reads from the hook.
  for (const key of Object.getOwnPropertySymbols(hook)) {
    const descriptor = Object.getOwnPropertyDescriptor(hook, key)
    if (descriptor) Object.defineProperty(placeholder, key, descriptor)
  }
  beforeEach[index] = placeholder as Hook
  return step
}

const STACK_KEY = Symbol.for('VITEST_CLEANUP_STACK_TRACE')

/** Where a hook was registered: Vitest keeps the stack on it, with source maps applied. */
function siteOf(hook: Hook): string | undefined {
  const kept = (hook as { [STACK_KEY]?: Error })[STACK_KEY]
  const frame = kept?.stack
    ?.split('\n')
    .find(line => /:\d+:\d+\)?$/.test(line) && !line.includes('/node_modules/'))
  return frame?.match(/\(?((?:file:\/\/)?[^()\s]+:\d+:\d+)\)?$/)?.[1]?.replace('file://', '')
}

/** Names of the suites it stands in, and its own; empty for a file. */
function fullNameOf(suite: Suite): string {
  const names: string[] = []
  for (let at: Suite | null = suite; at !== null && !isFile(at); at = parentOf(at)) names.unshift(at.name)
  return names.join(' > ')
}

/** For findings. */
export function placeOf(test: Test): TestPlace {
  return { suite: fullNameOf(parentOf(test) ?? test.file), test: test.name }
}
