import type { FileChanges } from './file-changes.ts'
import type { CallLog } from './system-calls/read-log.ts'

export type EngineName = 'fork' | 'heap'

/** Why a state can't be branched from, and what to do about it: two clauses without a full stop. */
export interface Obstacle {
  why: string
  remedy: string
  /** What in the world outside it touches. */
  effect?: string
  /** The line of user code that made it: `path:line:col`. */
  site?: string
}

/** Why an engine can't run at all. `check` names the failed precondition. */
export interface Refusal extends Obstacle {
  engine: EngineName
  check: string
}

/** How a branch ended, seen from the checkpoint. */
export type Outcome =
  | { kind: 'value'; value: unknown }
  | { kind: 'signal'; signal: string }
  | { kind: 'exit'; code: number }
  | { kind: 'timeout'; afterMs: number }

/**
 * The two sides of one branch from a checkpoint. The code after `engine.branch()` runs twice: once inside, from the
 * checkpoint's state, where it ends with `finish`; and once outside, after the inside has ended and been undone.
 */
export type Branch =
  | { side: 'inside'; finish(value: unknown): Promise<never>; aside?: Aside; isolation?: Isolation }
  | { side: 'outside'; outcome: Outcome; ms: number; pid?: number; remains?: Remains }

/** Another process runs it, and a third one is told: seen on the way to a branch beside others. */
export interface Elsewhere {
  side: 'elsewhere'
}

/** What of the system is to be each branch's own. */
export interface IsolationOptions {
  /** The project's folder. */
  root: string
  /** Its changes of files. */
  files: boolean
  /** Its network, with nobody else on it. */
  network: boolean
  /** Its system calls are watched. */
  calls: boolean
  /** Folders that stay everybody's: what the run itself writes to. */
  shared: readonly string[]
}

/** Why parts of that can't be had here: nobody has them then. */
export type IsolationRefusals = Readonly<Partial<Record<'files' | 'network' | 'calls', Obstacle>>>

/** A process that a branch has started, and that has outlived it: it was killed. */
export interface LeftProcess {
  pid: number
  /** The child of the branch that has started it, or the process itself. */
  root: number
  /** The path of what it ran. */
  program: string
  /** Its command line. */
  command: string
}

/** What is known of a branch that had parts of the system to itself, and has ended without a result. */
export interface Remains {
  pid: number
  /** What it has left running. */
  left: readonly LeftProcess[]
  /** Its system calls, where they were watched. */
  calls: CallLog | null
  /** See `Isolation`. */
  covers(path: string): boolean
}

/** What a branch has to itself of the system. */
export interface Isolation {
  /** Whether what it does to the file is seen by nobody else, and gone with it. @param path absolute */
  covers(path: string): boolean
  /** The log of its system calls, where they are watched. */
  readonly calls: CallLog | null
  /** It has a network of its own, with nobody else on it. */
  readonly hasNetwork: boolean
  /** What it has done to files so far. */
  listChanges(): FileChanges
  /** Kills all that it has started and that still runs. */
  endProcesses(): LeftProcess[]
  /** Nothing runs in it any more. Where its system calls were to be watched and are not, its process ends with a message. */
  end(): void
}

export interface BranchOptions {
  /** Milliseconds after which a silent branch is ended by force; 0 waits for ever. */
  deadlineMs: number
  /** Names the branch, among those that may follow one another. */
  key: string
  /**
   * How many branches from this state will most likely follow, with neither user code nor a turn of the event loop in
   * between that matters to them: they may be begun ahead.
   */
  followed: number
  /** It has to itself what `isolate` was last given. If it ends without a result, there are `remains`. */
  isIsolated?: boolean
}

/** The inside of a branch that runs beside others leaves alone what they have in common, and asks the outside instead. */
export interface Aside {
  ask(question: unknown): Promise<unknown>
  /** The outside says something by itself. */
  onTold(listener: (message: unknown) => void): void
}

/** Answers what branches ask. What is not urgent is asked in the order of the branches. */
export interface Desk {
  isUrgent(question: unknown): boolean
  answer(question: unknown): Promise<unknown>
}

export interface BesideOptions extends BranchOptions {
  /** How many may run at once. */
  atOnce: number
  /** Once more for what the last branch was for. */
  isAgain: boolean
  desk: Desk
}

/** What all engines have in common. */
interface AnyEngine {
  readonly name: EngineName
  /** The first precondition that does not hold in this process now, or null. */
  refuse(): Refusal | null
  /** What one rollback costs beyond the body itself, learnt by the caller, in milliseconds. */
  noteRestore(ms: number): void
  /** What a rollback costs here beyond the body itself, in milliseconds: measured once there is a measurement. */
  estimateMs(): number
}

/** An engine that runs what is to be undone in a branch of its own, and leaves the checkpoint alone. */
export interface Engine extends AnyEngine {
  /** Waits, bounded, until nothing is in flight that a branch would lose, or share; says what still is. Empty means quiet. */
  quiesce(): Promise<Obstacle[]>
  /** Branches from the present state. Only call when `refuse()` is null and `quiesce()` found nothing. */
  branch(options: BranchOptions): Branch
  /** As `branch`, while others run; the outsides are answered in their order. */
  branchBeside(options: BesideOptions): Promise<Branch | Elsewhere>
  /**
   * What of the system the branches to come have to themselves, if they are to; null: nothing.
   *
   * @returns why parts of that can't be had here
   */
  isolate(wanted: IsolationOptions | null): IsolationRefusals
  /** Says something to all branches that run beside one another. */
  tell(message: unknown): void
  /** What branches that run at once would share, and must not: as the obstacle to that; null when there is nothing. */
  findShared(): Obstacle | null
  /**
   * This process was begun ahead, for the branch after the one it has just seen the outside of, and has not been given it:
   * another process does the same, and is the one that counts. No user code may run here, and nobody may be told anything.
   */
  readonly isAhead: boolean
  /**
   * Nothing has happened in this process since the last branch from it ended but the caller's own steps up to here: neither
   * user code nor a turn of the event loop. What was quiet then still is.
   */
  readonly isStill: boolean
  /** Ends this process if it was begun ahead: what comes next is not what was foreseen. */
  endIfAhead(): void
  /** No branch follows for now: ends what was begun ahead, be it this process, and waits until every branch has left. */
  rest(): void
  /** A setup is to run here: gives memory back that the one before has left, if that is much. */
  tidy(): void
}

/** An engine that lets everything run where it is, and puts the state back afterwards. */
export interface InPlaceEngine extends AnyEngine {
  /** Waits, bounded, until nothing is in flight that would move the state later; says what still is. Empty means quiet. */
  quiesce(): Promise<Obstacle[]>
  /** User code of a fixture runs next: what timers there are now are none of its own. */
  beginFixture(): void
  /** Whether a restore will follow what user code does next, so that nothing of it is ever part of a recorded state. */
  expectRestore(isCertain: boolean): void
  /** What it costs to record a state here, in milliseconds: measured once there is a measurement. */
  estimateTakeMs(): number
  /** Records the present state, or says what in it could not be put back. */
  take(): PlaceState | Obstacle[]
}

/** A recorded state, to be put back as often as it is needed. */
export interface PlaceState {
  /** How many objects are recorded. */
  readonly objects: number
  /** Puts it back; says what could not be. Empty: all is as it was. */
  restore(): Obstacle[]
  /** After a restore: what has not come back though the engine took it to be, each thing once. Empty where nobody wants to know. */
  findChanges(): Obstacle[]
  /** It is not needed any more. */
  release(): void
}
