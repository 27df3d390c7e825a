import type { CatalogueRow } from './nature.ts'

const PUT_BACK = 'the engine puts it back'

/** Clocks, random numbers, timers, printing, and the runtime itself: nothing of it outlasts the process. */
export const ROWS_OF_RUNTIME: readonly CatalogueRow[] = [
  {
    calls:
      /^(timers\b.*|globalThis\.(setTimeout|setInterval|setImmediate|queueMicrotask|clearTimeout|clearInterval|clearImmediate))$/,
    nature: 'safe',
    effect: 'timers',
    why: PUT_BACK,
  },
  {
    calls:
      /^globalThis\.(Date|Temporal\.Now|performance)\b|^perf_hooks\.([Pp]erformance\b.*|eventLoopUtilization|timerify|monitorEventLoopDelay|create\w*Histogram|importHistogram)/,
    nature: 'safe',
    effect: 'clock',
    why: 'reading changes nothing; entries are kept in memory',
  },
  { calls: /^perf_hooks\./, nature: 'safe', effect: 'clock' },
  {
    calls:
      /^globalThis\.(Math\.random|[Cc]rypto\.(getRandomValues|randomUUID|prototype\..*))$|^crypto\.(random|getRandomValues|generate|webcrypto\.(getRandomValues|randomUUID)|secureHeapUsed|pseudoRandomBytes|rng|prng|encapsulate)/,
    nature: 'safe',
    effect: 'random',
  },
  {
    calls: /^crypto\.setEngine$/,
    nature: 'unsafe',
    effect: 'native.load',
    unseen: 'an engine of OpenSSL, seldom built in',
  },
  { calls: /^crypto\.(setFips|fips)$/, nature: 'safe', effect: 'runtime' },
  {
    calls: /^(console|globalThis\.console)\b/,
    nature: 'safe',
    effect: 'console',
    why: 'the runner shows it with its test',
  },
  {
    calls: /^(readline|repl|tty)\b/,
    nature: 'safe',
    effect: 'console',
    why: 'standard streams are those of the runner',
  },
  {
    calls: /^inspector(\/promises)?\.(open|Session\.prototype\.connect(ToMainThread)?)$/,
    nature: 'compensable',
    effect: 'inspector',
    undo: 'closing it',
    unseen: 'a process with a debugger is not rolled back at all, and the summary says so',
  },
  { calls: /^inspector\b/, nature: 'safe', effect: 'inspector' },
  { calls: /^os\./, nature: 'safe', effect: 'clock', why: 'reading changes nothing' },
  {
    calls: /^(v8|vm|module|async_hooks|diagnostics_channel|trace_events|sea|test|events)\b/,
    nature: 'safe',
    effect: 'runtime',
    why: 'it is of this process',
  },
  {
    calls: /^globalThis\.(localStorage|sessionStorage|Storage)\b/,
    nature: 'unsafe',
    effect: 'fs.write',
    unseen: 'native code writes the file that `--localstorage-file` names',
  },
  { calls: /^globalThis\.(Navigator|navigator)\b/, nature: 'safe', effect: 'clock' },
  {
    calls:
      /^(assert|assert\/strict|buffer|constants|crypto|path|path\/\w+|querystring|stream|stream\/\w+|string_decoder|url|util|util\/types|zlib)\b/,
    nature: 'safe',
    effect: 'none',
  },
  {
    calls:
      /^globalThis\.(Abort\w+|AggregateError|Array|ArrayBuffer|AsyncDisposableStack|Big\w+|Boolean|CryptoKey|Crypto|CustomEvent|DOMException|DataView|DisposableStack|ErrorEvent|EvalError|Event|EventTarget|FinalizationRegistry|Float\w+Array|FormData|Function|Headers|Int\d+Array|Intl|Iterator|JSON|Map|Math|Number|Object|Promise|Proxy|QuotaExceededError|RangeError|ReferenceError|Reflect|RegExp|Request|Response|Set|String|SubtleCrypto|SuppressedError|Symbol|SyntaxError|Temporal|TypeError|URIError|Uint\w+Array|WeakMap|WeakRef|WeakSet|decodeURI(Component)?|encodeURI(Component)?|escape|eval|isFinite|isNaN|structuredClone|unescape)\b/,
    nature: 'safe',
    effect: 'none',
  },
  {
    calls: /^globalThis\.(WebAssembly)\b/,
    nature: 'safe',
    effect: 'none',
    why: 'its memory is memory like all other',
  },
]
