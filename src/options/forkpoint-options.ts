/** How much a host call matters to a rollback. */
export type RuleNature = 'safe' | 'virtualised' | 'compensable' | 'unsafe'

/** Says what one kind of host call is, where forkpoint's own catalogue is wrong for this project. The first match wins. */
export interface Rule {
  /** Which calls? A name or a glob: `'fs.writeFile*'`. */
  call: string
  /** Called from which files? A glob: `'node_modules/pino/**'`. Without it: from anywhere. */
  from?: string
  /** On which file or address? A glob: `'logs/**'`. Without it: on any. */
  path?: string
  /** A condition of your own, over the call as it was seen. */
  when?: (call: { call: string; resource: string }) => boolean
  nature: RuleNature
  /** Takes the call back when the test has ended; for nature `'compensable'`. */
  undo?: (call: { call: string; resource: string }) => unknown
  /** Why is this right? Shown in the report, so that the next reader need not guess. */
  why: string
}

/** What a user may set. Everything is optional. */
export interface ForkpointOptions {
  /**
   * How is the state of a test taken back?
   *
   * - `'auto'`: by the first engine that can run here; the summary says which and why. With none, setup is re-run for every test.
   * - `'fork'`: by fork(2). Takes back all memory; Linux, and costs a few milliseconds per test, growing with resident memory.
   * - `'heap'`: by writing recorded objects back. Runs everywhere; cannot take back what reflection cannot reach.
   * - `'off'`: not at all. `setup` is re-run for every test, as `beforeEach` would be.
   *
   * An engine asked for by name that can't run is an error. The environment variable `FORKPOINT` overrides this option.
   *
   * @default 'auto'
   */
  engine?: 'auto' | 'fork' | 'heap' | 'off'
  /**
   * Which suites are rolled back?
   *
   * - `'setup'`: those with a `setup` or a hoisted hook, their nested suites included.
   * - `'all'`: every suite, to its state after `beforeAll`. Finds tests that lean on each other; costs a rollback per test.
   *
   * @default 'setup'
   */
  scope?: 'setup' | 'all'
  /**
   * Are existing `beforeEach` hooks run once per suite and rolled back, without editing the tests?
   *
   * - `false`: no.
   * - `true`: those that take no test context are. The others are left alone, and counted in the summary.
   *
   * @default false
   */
  hoist?: boolean
  /**
   * How many first tests of a suite run the plain way, setup re-run for each, before its checkpoint is taken?
   *
   * - `'auto'`: as many as the measurements ask for; a suite whose setup is cheaper than a rollback stays plain.
   * - a number: that many. Each costs one more setup, and leaves the code warm for the rolled back tests.
   * - `0`: none. Strict: every test starts from the first state ever built; test bodies run with cold code.
   *
   * @default 'auto'
   */
  warmup?: 'auto' | number
  /**
   * What happens to a host call that a rollback cannot take back?
   *
   * - `'warn'`: it is reported.
   * - `'off'`: nothing is watched.
   * - `'strict'`: it fails the test that made it.
   *
   * @default 'warn'
   */
  guard?: 'warn' | 'off' | 'strict'
  /**
   * Which host calls does this project know better? See {@link Rule}. A rule that matched nothing is reported.
   *
   * @default []
   */
  rules?: readonly Rule[]
  /**
   * Where do a test's file writes go?
   *
   * - `'real'`: to the disk. What a test changes of the files that its setup made is undone; all else stays, and is reported.
   * - `'journal'`: to the disk, and undone after the test, whatever it was.
   * - `'memory'`: to memory over the disk, rolled back with the test. Child processes and native addons don't see it.
   * - `'overlay'`: to memory over the disk, by the kernel: also those of native code and of programs that a test starts. Fork engine on
   *   Linux only; elsewhere as `'journal'`.
   *
   * @default 'real'
   */
  fs?: 'real' | 'journal' | 'memory' | 'overlay'
  /**
   * Is what a test has changed or made with `fs: 'overlay'` kept for a look at it?
   *
   * - `false`: no, it is gone with the test.
   * - `true`: yes, in `node_modules/.cache/forkpoint/overlay`, until the same test runs again; the report names the folder. Costs a copy of each such file.
   *
   * @default false
   */
  keepOverlay?: boolean
  /**
   * Which network do tests have that are rolled back?
   *
   * - `'real'`: that of the system.
   * - `'loopback'`: one of their own, with nobody else on it: connections to anything outside of the test fail at once, also to servers that the setup
   *   has started. Fork engine on Linux only.
   *
   * @default 'real'
   */
  network?: 'real' | 'loopback'
  /**
   * Are the system calls of tests watched that are rolled back: those of native code, and of programs that a test starts?
   *
   * - `false`: no. What `node:fs`, `node:net` and the like are asked for is seen.
   * - `true`: yes; what changes something outside is reported like any host call. Fork engine on Linux only; each watched call takes some microseconds more.
   *
   * @default false
   */
  syscalls?: boolean
  /**
   * How are test files kept apart?
   *
   * - `'runner'`: by the runner's own pool.
   * - `'fork'`: each is started by fork(2) from one warm process. Saves start-up and imports; in Vitest, where the fork engine can run.
   *
   * @default 'runner'
   */
  files?: 'runner' | 'fork'
  /**
   * Which packages does the warm process of `files: 'fork'` import once, besides those it learns from earlier runs?
   *
   * @default []
   */
  preload?: readonly string[]
  /**
   * How many milliseconds may a rolled back test stay silent past its own timeout before it is ended by force and failed?
   *
   * - a small number: a hanging test costs less.
   * - a large number: a slow machine is not taken for a hanging test.
   *
   * @default 1000
   */
  timeout?: number
  /**
   * How many rolled back tests of one file run at once, with the fork engine?
   *
   * - `1`: one after the other, as without forkpoint.
   * - a larger number: as many processes, each with the memory it writes to.
   *
   * @default 1
   */
  parallel?: number
  /**
   * How many tests of each suite are run twice from the same checkpoint, to see whether they have the same outcome?
   *
   * - `0`: none.
   * - a number: the first so many that are rolled back, but for those with `repeats` or `fails` and those that are `concurrent`. Each costs one more test; what
   *   differs is reported, the outcome is that of the first run. Tests run one after the other, whatever `parallel` says.
   *
   * @default 0
   */
  verify?: number
  /**
   * Is the state looked at once more after each rollback of the heap engine, by the inspector of V8, for what has not come back?
   *
   * - `false`: no.
   * - `true`: yes. What differs is reported with its access path. Slow: a rollback takes seconds where there are many functions.
   *
   * With the fork engine there is nothing to look for: all memory comes back. The environment variable `FORKPOINT_AUDIT` (`1`, `0`)
   * overrides this option.
   *
   * @default false
   */
  audit?: boolean
  /**
   * Where is the machine-readable report written? Without a path, nowhere.
   *
   * @default none
   */
  report?: string
}

/** Every option with its value, frozen. JSON, but for the functions in `rules`. */
export interface ResolvedOptions extends Readonly<Required<Omit<ForkpointOptions, 'report'>>> {
  readonly report: string | null
  /** Keep the stack of every finding. Set by the environment variable `FORKPOINT_TRACE=1`. */
  readonly trace: boolean
}
