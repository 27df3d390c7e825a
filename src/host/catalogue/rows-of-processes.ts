import type { CatalogueRow } from './nature.ts'

const ENDS = 'what the process does is its own: only the process itself is ended'

/** Processes, threads, native code. */
export const ROWS_OF_PROCESSES: readonly CatalogueRow[] = [
  {
    calls: /^child_process\.(ChildProcess\.prototype\.spawn|spawnSync|execSync|execFileSync)$/,
    nature: 'unsafe',
    effect: 'process.spawn',
    undo: ENDS,
  },
  {
    calls:
      /^child_process\.(spawn|fork|exec|execFile|_forkChild|ChildProcess)$|^cluster\.(fork|Worker|setupPrimary)$/,
    nature: 'unsafe',
    effect: 'process.spawn',
    undo: ENDS,
    through: 'child_process.ChildProcess.prototype.spawn',
  },
  {
    calls: /^process\.(kill|_kill|_debugProcess)$/,
    nature: 'unsafe',
    effect: 'process.signal',
    depends: 'signal 0, and processes that the test has started: safe',
    through: 'process.kill',
  },
  {
    calls:
      /^child_process\.ChildProcess\.prototype\.(kill|ref|unref)$|^cluster\.Worker\.prototype\.(kill|destroy|disconnect|send)$|^cluster\.disconnect$/,
    nature: 'safe',
    effect: 'process.signal',
    why: 'it is for a process that this one has started, and the start was reported',
  },
  {
    calls: /^process\.(abort|exit|reallyExit|execve)$/,
    nature: 'safe',
    effect: 'process.exit',
    why: 'the test that ends its process fails, and says so',
  },
  {
    calls: /^process\.(set(e?uid|e?gid|groups)|initgroups)$/,
    nature: 'unsafe',
    effect: 'process.identity',
  },
  { calls: /^process\.dlopen$/, nature: 'unsafe', effect: 'native.load' },
  {
    calls: /^process\.binding$/,
    nature: 'unsafe',
    effect: 'native.call',
    depends: "the parts that Node keeps open for old packages' sake",
  },
  {
    calls: /^process\._linkedBinding$/,
    nature: 'unsafe',
    effect: 'native.call',
    unseen: 'for programs that have Node built in',
  },
  {
    calls: /^process\.(send|disconnect)$/,
    nature: 'unsafe',
    effect: 'process.message',
    unseen: "in a test runner's process it is the runner's own channel",
  },
  {
    calls: /^os\.setPriority$/,
    nature: 'compensable',
    effect: 'process.priority',
    undo: 'setting what it was',
  },
  {
    calls: /^process\.report\.writeReport$|^v8\.writeHeapSnapshot$/,
    nature: 'compensable',
    effect: 'fs.write',
    undo: 'removing the file',
    depends: 'written by native code, under a name that it returns',
  },
  {
    calls:
      /^process\.(chdir|umask|title|exitCode|env|loadEnvFile|stdin|stdout|stderr|openStdin|debugPort|sourceMapsEnabled|setSourceMapsEnabled|setUncaughtExceptionCaptureCallback|addUncaughtExceptionCaptureCallback|report\..*|finalization\..*)$/,
    nature: 'safe',
    effect: 'process.state',
    why: 'the engine puts it back',
  },
  {
    calls: /^process\.(nextTick|ref|unref)$/,
    nature: 'safe',
    effect: 'timers',
    why: 'the engine puts it back',
  },
  {
    calls:
      /^process\.(hrtime|uptime|cpuUsage|threadCpuUsage|resourceUsage|memoryUsage|availableMemory|constrainedMemory)\b/,
    nature: 'safe',
    effect: 'clock',
  },
  { calls: /^process\./, nature: 'safe', effect: 'process.state' },
  { calls: /^worker_threads\.Worker$/, nature: 'unsafe', effect: 'thread.start' },
  {
    calls:
      /^(worker_threads|globalThis)\.BroadcastChannel\.prototype\.postMessage$|^worker_threads\.postMessageToThread$/,
    nature: 'unsafe',
    effect: 'thread.message',
    unseen: 'who listens is not known; a thread that the test itself has started was reported',
  },
  {
    calls:
      /^worker_threads\.(Worker\.prototype|MessagePort|MessageChannel|BroadcastChannel|moveMessagePortToContext|receiveMessageOnPort)|^globalThis\.(BroadcastChannel|MessageChannel|MessagePort)\b/,
    nature: 'safe',
    effect: 'thread.message',
    why: 'the start of the thread was reported',
  },
  { calls: /^worker_threads\.|^cluster\./, nature: 'safe', effect: 'runtime' },
  {
    calls: /^globalThis\.(SharedArrayBuffer|Atomics)\b/,
    nature: 'safe',
    effect: 'thread.memory',
    why: 'without another thread it is memory like all other',
  },
  {
    calls: /^ffi\./,
    nature: 'unsafe',
    effect: 'native.call',
    unseen: 'experimental; native code does what it does',
  },
  { calls: /^wasi\.WASI\.prototype\.(start|initialize)$/, nature: 'unsafe', effect: 'wasi.call' },
  { calls: /^wasi\./, nature: 'unsafe', effect: 'wasi.call', through: 'wasi.WASI.prototype.start' },
  {
    calls: /^sqlite\.(DatabaseSync\.prototype\.exec|StatementSync\.prototype\.(run|all|get|iterate))$/,
    nature: 'unsafe',
    effect: 'db.open',
    depends: "':memory:', and statements that only read: safe",
  },
  { calls: /^sqlite\.backup$/, nature: 'unsafe', effect: 'db.open' },
  {
    calls: /^sqlite\.DatabaseSync($|\.prototype\.(open|prepare|applyChangeset|deserialize)$)/,
    nature: 'safe',
    effect: 'none',
    why: 'the statements that it runs are reported',
  },
  {
    calls: /^sqlite\.DatabaseSync\.prototype\.(loadExtension|enableLoadExtension)$/,
    nature: 'unsafe',
    effect: 'native.load',
    unseen: 'what an extension does is native code',
  },
  {
    calls: /^sqlite\./,
    nature: 'safe',
    effect: 'none',
    why: 'the opening of the database was reported',
  },
]
