import { Level, type Step } from 'forkpoint/adapter'
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

/** What forkpoint does with one suite. */
export interface SuitePlan {
  /** The level of the suites around it, if any. */
  around: Level | null
  /** The level its tests start from: its own, or the one around. */
  level: Level | null
  own: Level | null
  /** It changes state of its own around its tests, which later siblings must not see. */
  isStateful: boolean
  /** Hooks run between the steps around it and its tests. */
  hasHooksBefore: boolean
}

export interface FilePlan {
  suites: ReadonlyMap<Suite, SuitePlan>
  levels: ReadonlyMap<Level, Suite>
  /** Some suite has a level: there is something to roll back. */
  isActive: boolean
  hoisted: number
  notHoisted: Array<{ site?: string; why: string }>
  /** Each step would run at its hook's own place in the same order: the placeholders can go when nothing is rolled back. */
  isInOrder: boolean
  /** Puts the hooks back where the placeholders stand. */
  putHooksBack(): void
}

export interface PlanOptions {
  marks: HookMarks
  hoist: boolean
  scope: 'setup' | 'all'
  /** Why no hook of the file can be hoisted, if there is a reason. */
  hoistObstacle: string | null
  /** Called at the place of a step among the `beforeEach` hooks of a test; gives its teardown. */
  deliver(step: Step, test: Test): unknown
}

/**
 * Finds the fixtures in the hooks that a file has registered, and puts a placeholder where each of them stood.
 *
 * A hook is hoisted when its source says that it can be and every `beforeEach` or `aroundEach` hook that would run before
 * it is hoisted too: so the order in which a test sees them stays what it was.
 */
export function planFile(file: TestFile, options: PlanOptions): FilePlan {
  const suites = new Map<Suite, SuitePlan>()
  const levels = new Map<Level, Suite>()
  const undos: Array<() => void> = []
  const plan: FilePlan = {
    suites,
    levels,
    isActive: false,
    hoisted: 0,
    notHoisted: [],
    isInOrder: true,
    putHooksBack: () => {
      for (const undo of undos.splice(0)) undo()
    },
  }

  /** `hasForeign`: a hook that is no step runs before the suite's own. */
  const visit = (
    suite: Suite,
    around: Level | null,
    isBlockedAround: boolean,
    hasForeignAround: boolean,
  ): void => {
    const hooks = hooksOf(suite)
    let hasForeign = hasForeignAround || hooks.aroundEach.length > 0
    let blocked = isBlockedAround || hooks.aroundEach.length > 0 || options.hoistObstacle !== null
    const setups: Step[] = []
    const hoisted: Step[] = []
    hooks.beforeEach.forEach((hook, index) => {
      const mark = options.marks.get(hook)
      if (mark?.kind === 'setup') {
        if (hasForeign || hoisted.length > 0) plan.isInOrder = false
        setups.push(makeStep('setup', suite, index, options))
        undos.push(() => {
          hooks.beforeEach[index] = hook
        })
      } else if (options.hoist && mark?.kind === 'hoistable' && !blocked) {
        hoisted.push(makeStep('hoisted', suite, index, options))
        undos.push(() => {
          hooks.beforeEach[index] = hook
        })
      } else {
        hasForeign = true
        if (options.hoist)
          plan.notHoisted.push({ ...siteOf(hook), why: explain(mark, blocked, options.hoistObstacle) })
        blocked = true
      }
    })
    const steps = [...setups, ...hoisted]
    const hasHooks = hooks.beforeAll.length + hooks.afterAll.length + hooks.aroundAll.length > 0
    const isLevel = steps.length > 0 || (options.scope === 'all' && (isFile(suite) || hasHooks))
    const own = isLevel
      ? new Level({ file: file.filepath, suite: fullNameOf(suite), parent: around, steps, tests: 0 })
      : null
    const level = own ?? around
    suites.set(suite, {
      around,
      own,
      level,
      isStateful: hasHooks || own !== null,
      hasHooksBefore: hooks.beforeAll.length + hooks.aroundAll.length > 0,
    })
    plan.isActive ||= own !== null
    if (own !== null) levels.set(own, suite)
    plan.hoisted += hoisted.length
    for (const task of suite.tasks) {
      if (isSuite(task)) visit(task, level, blocked, hasForeign)
      else if (isToRun(task)) level?.addTest()
    }
  }

  visit(file, null, false, false)
  return plan
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

function explain(mark: HookMark | undefined, isBlocked: boolean, obstacle: string | null): string {
  if (mark?.kind === 'blocked') return mark.why
  if (obstacle !== null) return obstacle
  if (mark?.kind === 'hoistable' && isBlocked) return 'a hook that runs before it is not hoisted'
  return 'forkpoint did not see its source: it is registered by another file, or not in a statement of its own'
}

const STACK_KEY = Symbol.for('VITEST_CLEANUP_STACK_TRACE')

/** Where a hook was registered: Vitest keeps the stack on it, with source maps applied. */
function siteOf(hook: Hook): { site?: string } {
  const kept = (hook as { [STACK_KEY]?: Error })[STACK_KEY]
  const frame = kept?.stack
    ?.split('\n')
    .find(line => /:\d+:\d+\)?$/.test(line) && !line.includes('/node_modules/'))
  const site = frame?.match(/\(?((?:file:\/\/)?[^()\s]+:\d+:\d+)\)?$/)?.[1]?.replace('file://', '')
  return site === undefined ? {} : { site }
}

function fullNameOf(suite: Suite): string {
  const names: string[] = []
  for (let at: Suite | null = suite; at !== null && !isFile(at); at = parentOf(at)) names.unshift(at.name)
  return names.join(' > ')
}
