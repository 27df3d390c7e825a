import { Level } from './level.ts'
import type { Step } from './step.ts'

/** A `beforeEach` hook, as an adapter has found it, and what is known of it. */
export type PlannedHook = HookHandle &
  ({ kind: 'setup' } | { kind: 'hoistable' } | { kind: 'blocked' | 'unseen'; why: string })

interface HookHandle {
  /** Where it was registered: `path:line:col`. */
  findSite(): string | undefined
  /** Puts a placeholder in its place, and makes a step of the hook. */
  take(kind: Step['kind']): Step
  putBack(): void
}

/** A suite, as an adapter has found it. */
export interface PlannedSuite<Suite> {
  /** Empty for the file itself. */
  fullName: string
  /** In the order of their registration. */
  hooks: readonly PlannedHook[]
  /** Hooks that stand around each test: they run before all of its `hooks`. */
  hasHooksAround: boolean
  /** Hooks that run once, before its tests. */
  hasHooksBefore: boolean
  /** Hooks that run once, after them. */
  hasHooksAfter: boolean
  /** Tests to run that stand right in it, and have hooks. */
  tests: number
  nested: readonly Suite[]
}

export interface PlanOptions {
  file: string
  hoist: boolean
  scope: 'setup' | 'all'
  /** Why no hook of the file can be hoisted, if there is a reason. */
  hoistObstacle: string | null
}

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

export interface FilePlan<Suite> {
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

/** What runs before a suite's own hooks. */
interface Around {
  level: Level | null
  /** A hook that is not hoisted. */
  isBlocked: boolean
  /** A hook that is no step. */
  hasForeign: boolean
}

/**
 * Finds the fixtures in the hooks that a file has registered, and has a placeholder put where each of them stood.
 *
 * A hook is hoisted when its source says that it can be and every hook around each test that would run before it is hoisted
 * too: so the order in which a test sees them stays what it was.
 */
export function planLevels<Suite>(
  root: Suite,
  read: (suite: Suite) => PlannedSuite<Suite>,
  options: PlanOptions,
): FilePlan<Suite> {
  const { file, hoist, scope, hoistObstacle } = options
  const suites = new Map<Suite, SuitePlan>()
  const levels = new Map<Level, Suite>()
  const taken: PlannedHook[] = []
  const plan: FilePlan<Suite> = {
    suites,
    levels,
    isActive: false,
    hoisted: 0,
    notHoisted: [],
    isInOrder: true,
    putHooksBack: () => {
      for (const hook of taken.splice(0)) hook.putBack()
    },
  }

  const visit = (suite: Suite, around: Around): void => {
    const found = read(suite)
    const { fullName, hasHooksAround, hasHooksBefore } = found
    let hasForeign = around.hasForeign || hasHooksAround
    let isBlocked = around.isBlocked || hasHooksAround || hoistObstacle !== null
    const setups: Step[] = []
    const hoisted: Step[] = []
    for (const hook of found.hooks) {
      const { kind } = hook
      if (kind === 'setup') {
        if (hasForeign || hoisted.length > 0) plan.isInOrder = false
        setups.push(hook.take('setup'))
        taken.push(hook)
      } else if (hoist && kind === 'hoistable' && !isBlocked) {
        hoisted.push(hook.take('hoisted'))
        taken.push(hook)
      } else {
        hasForeign = true
        if (hoist) plan.notHoisted.push(describeLeft(hook, hoistObstacle))
        isBlocked = true
      }
    }
    const steps = [...setups, ...hoisted]
    const hasHooks = hasHooksBefore || found.hasHooksAfter
    const isLevel = steps.length > 0 || (scope === 'all' && (fullName === '' || hasHooks))
    const own = isLevel ? new Level({ file, suite: fullName, parent: around.level, steps, tests: 0 }) : null
    const level = own ?? around.level
    const isStateful = hasHooks || own !== null
    suites.set(suite, { around: around.level, own, level, isStateful, hasHooksBefore })
    plan.isActive ||= own !== null
    if (own !== null) levels.set(own, suite)
    plan.hoisted += hoisted.length
    for (let i = 0; i < found.tests; i++) level?.addTest()
    for (const nested of found.nested) visit(nested, { level, isBlocked, hasForeign })
  }

  visit(root, { level: null, isBlocked: false, hasForeign: false })
  return plan
}

function describeLeft(hook: PlannedHook, obstacle: string | null): { site?: string; why: string } {
  const site = hook.findSite()
  const why = explain(hook, obstacle)
  return site === undefined ? { why } : { site, why }
}

/** Why a hook is not hoisted. */
function explain(hook: PlannedHook, obstacle: string | null): string {
  if (hook.kind === 'blocked') return hook.why
  if (obstacle !== null) return obstacle
  return hook.kind === 'unseen' ? hook.why : 'a hook that runs before it is not hoisted'
}
