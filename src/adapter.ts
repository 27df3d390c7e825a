export { adoptValue } from './adopt-value.ts'
export { chooseEngine, type EngineChoice } from './choose-engine.ts'
export type { RunnerKit, Trial, TrialCommand, TrialMessage, TriedTest } from './cli/runner-kit.ts'
export { escapePattern } from './cli/trial/escape-pattern.ts'
export { describeDeath, describeOutcome } from './describe-outcome.ts'
export type {
  Aside,
  BranchOptions,
  Desk,
  Engine,
  EngineName,
  InPlaceEngine,
  Obstacle,
  Outcome,
  Refusal,
} from './engine.ts'
export { ForkpointError } from './errors.ts'
export type { Finding, TestPlace } from './finding.ts'
export { ForkEngine } from './fork/engine.ts'
export { gatherHeap } from './fork/gather-heap.ts'
export { missingFlags, START_FLAGS, tuningFlags } from './fork/start-flags.ts'
export { type ProcessWatch, watchProcess } from './fork/watch-process.ts'
export { Scripts } from './heap/audit/scripts.ts'
export { HeapEngine, type HeapEngineOptions } from './heap/engine.ts'
export { enterRealm, leaveRealm } from './heap/enter-realm.ts'
export { readScopes } from './heap/read-scopes.ts'
export type { Realm } from './heap/realms.ts'
export type { RootStore } from './heap/recording.ts'
export { findBoundary } from './heap/roots/boundary.ts'
export type { ModuleRegistry, RecordedModules } from './heap/roots/module-registry.ts'
export { NodeModules } from './heap/roots/node-modules.ts'
export type { HostGuard } from './host/guard/host-guard.ts'
export { startGuard } from './host/guard/start-guard.ts'
export { undoScopeOf } from './host/guard/undo-scope.ts'
export { watchCalls } from './host/guard/watched-calls.ts'
export { describeRecovery, recoverJournals } from './host/journal/recover.ts'
export type { MemoryDisk } from './host/memory-disk/memory-disk.ts'
export { type Mount, mountMemoryDisk } from './host/memory-disk/mount.ts'
export { importEagerly } from './import-eagerly.ts'
export * as intrinsics from './intrinsics.ts'
export { loadTransform, loadTransformNow } from './load-transform.ts'
export { muteOutput } from './mute-output.ts'
export { packRules, type ShippedRule, unpackRules } from './options/ship-rules.ts'
export { type ForkpointOptions, type ResolvedOptions, resolveOptions } from './options.ts'
export { writeReportFile } from './report/report-file.ts'
export type { FileRecord, RunRecord } from './report/run-record.ts'
export { formatSummary } from './report/summary.ts'
export { findUnusedRules } from './report/unused-rules.ts'
export type { Attempt } from './session/attempt.ts'
export type { TestOutcome } from './session/describe-unstable.ts'
export type { Entry } from './session/entry.ts'
export { Level, type LevelSource } from './session/level.ts'
export {
  type FilePlan,
  type PlannedHook,
  type PlannedSuite,
  planLevels,
  type SuitePlan,
} from './session/plan-levels.ts'
export type { Session } from './session/session.ts'
export { startSession } from './session/start-session.ts'
export type { Step, Teardown } from './session/step.ts'
export { sharedState } from './state.ts'
export type { TransformCache } from './transform/cache.ts'
export { version } from './version.ts'
export { FileStarts } from './zygote/file-starts.ts'
export type { ForkedProcess } from './zygote/forked-process.ts'
export type { Unsuitable } from './zygote/import-ahead.ts'
export { LearnedModules, type Preload } from './zygote/learned-modules.ts'
export type { MessageSocket } from './zygote/message-socket.ts'
export type { ZygoteReport } from './zygote/orders.ts'
export { Reception } from './zygote/reception.ts'
export { serveForks } from './zygote/serve-forks.ts'
export { Zygote } from './zygote/zygote.ts'
