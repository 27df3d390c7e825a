import { describe, expect, test } from 'vitest'
import { ForkpointError } from '../../src/errors.ts'
import { resolveOptions } from '../../src/options.ts'

const DEFAULTS = {
  engine: 'auto',
  scope: 'setup',
  hoist: false,
  warmup: 'auto',
  guard: 'warn',
  rules: [],
  fs: 'real',
  keepOverlay: false,
  network: 'real',
  syscalls: false,
  files: 'runner',
  preload: [],
  timeout: 1000,
  parallel: 1,
  verify: 0,
  audit: false,
  report: null,
  trace: false,
}

function errorOf(user: unknown, env: NodeJS.ProcessEnv = {}): ForkpointError {
  try {
    resolveOptions(user, env)
  } catch (error) {
    if (error instanceof ForkpointError) return error
    throw error
  }
  throw new Error('the options were accepted')
}

describe('options that are accepted', () => {
  test('without any, every option has its default', () => {
    expect(resolveOptions(undefined, {})).toStrictEqual(DEFAULTS)
    expect(resolveOptions({}, {})).toStrictEqual(DEFAULTS)
  })

  test('an option given as undefined has its default', () => {
    expect(resolveOptions({ warmup: undefined, rules: undefined }, {})).toStrictEqual(DEFAULTS)
  })

  test.each([
    { engine: 'fork' },
    { engine: 'heap' },
    { engine: 'off' },
    { scope: 'all' },
    { hoist: true },
    { warmup: 0 },
    { warmup: 3 },
    { guard: 'off' },
    { guard: 'strict' },
    { rules: [{ call: 'fs.*', nature: 'safe', why: 'x' }] },
    { fs: 'journal' },
    { fs: 'overlay' },
    { fs: 'overlay', keepOverlay: true },
    { files: 'fork' },
    { files: 'fork', preload: ['pg'] },
    { network: 'loopback' },
    { syscalls: true },
    { timeout: 0 },
    { timeout: 2500.5 },
    { verify: 3 },
    { audit: true },
    { report: 'out/forkpoint.json' },
  ])('%o is taken over', option => {
    expect(resolveOptions(option, {})).toStrictEqual({ ...DEFAULTS, ...option })
  })

  test('the result is frozen, and survives JSON', () => {
    const options = resolveOptions({ engine: 'fork' }, {})
    expect([options, options.rules, options.preload].map(Object.isFrozen)).toEqual([true, true, true])
    expect(JSON.parse(JSON.stringify(options))).toEqual(options)
  })
})

describe('the environment', () => {
  test.each(['off', 'fork', 'heap', 'auto'])('FORKPOINT=%s overrides the option engine', engine => {
    expect(resolveOptions({ engine: 'fork' }, { FORKPOINT: engine }).engine).toBe(engine)
  })

  test.each([
    ['off', 'runner'],
    ['heap', 'fork'],
  ])('with FORKPOINT=%s test files are started by the way %s', (engine, files) => {
    expect(resolveOptions({ files: 'fork' }, { FORKPOINT: engine }).files).toBe(files)
  })

  test('an empty FORKPOINT changes nothing', () => {
    expect(resolveOptions({ engine: 'fork' }, { FORKPOINT: '' }).engine).toBe('fork')
  })

  test.each([
    ['1', true],
    ['0', false],
    ['', false],
  ])('FORKPOINT_TRACE=%s', (value, trace) => {
    expect(resolveOptions({}, { FORKPOINT_TRACE: value }).trace).toBe(trace)
  })

  test.each([
    ['1', true],
    ['0', false],
    ['', true],
  ])('FORKPOINT_AUDIT=%s overrides the option audit', (value, audit) => {
    expect(resolveOptions({ audit: value !== '1' }, { FORKPOINT_AUDIT: value }).audit).toBe(audit)
  })

  test('a wrong value is an error that names the variable', () => {
    expect(errorOf({}, { FORKPOINT: 'frok' }).message).toBe(
      "[forkpoint] Environment variable FORKPOINT was given 'frok'; it must be 'off', 'fork', 'heap' or 'auto' (ERR_FORKPOINT_OPTION)",
    )
    expect(errorOf({}, { FORKPOINT_AUDIT: 'true' }).message).toBe(
      "[forkpoint] Environment variable FORKPOINT_AUDIT was given 'true'; it must be '1' or '0' (ERR_FORKPOINT_OPTION)",
    )
    expect(errorOf({}, { FORKPOINT_TRACE: 'yes' }).message).toBe(
      "[forkpoint] Environment variable FORKPOINT_TRACE was given 'yes'; it must be '1' or '0' (ERR_FORKPOINT_OPTION)",
    )
  })
})

describe('options that are refused', () => {
  test.each([
    [{ warmpu: 3 }, '`warmpu` (given 3): did you mean `warmup`?'],
    [{ socpe: 'all' }, "`socpe` (given 'all'): did you mean `scope`?"],
    [{ Engine: 'fork' }, "`Engine` (given 'fork'): did you mean `engine`?"],
    [{ timeoutMs: 10 }, '`timeoutMs` (given 10): did you mean `timeout`?'],
    [
      { cache: { dir: 'x' } },
      "`cache` (given { dir: 'x' }): the valid names are `engine`, `scope`, `hoist`, `warmup`, `guard`, `rules`, `fs`, " +
        '`keepOverlay`, `network`, `syscalls`, `files`, `preload`, `timeout`, `parallel`, `verify`, `audit`, `report`',
    ],
  ])('an unknown one, %o, with the nearest valid name', (option, words) => {
    const error = errorOf(option)
    expect(error.message).toBe(`[forkpoint] Unknown option ${words} (ERR_FORKPOINT_OPTION)`)
    expect(error.path).toBe(Object.keys(option)[0])
  })

  test('a name of Object.prototype is unknown too', () => {
    expect(errorOf({ constructor: 1 }).path).toBe('constructor')
  })

  test.each([
    [{ engine: 'frok' }, "`engine` was given 'frok'; it must be 'auto', 'fork', 'heap' or 'off'"],
    [{ scope: true }, "`scope` was given true; it must be 'setup' or 'all'"],
    [{ hoist: 1 }, '`hoist` was given 1; it must be false or true'],
    [{ warmup: 'soon' }, "`warmup` was given 'soon'; it must be 'auto' or an integer of at least 0"],
    [{ warmup: -1 }, "`warmup` was given -1; it must be 'auto' or an integer of at least 0"],
    [{ guard: null }, "`guard` was given null; it must be 'warn', 'off' or 'strict'"],
    [{ rules: {} }, '`rules` was given {}; it must be an array of rules'],
    [{ fs: 'memfs' }, "`fs` was given 'memfs'; it must be 'real', 'journal', 'memory' or 'overlay'"],
    [{ files: 'zygote' }, "`files` was given 'zygote'; it must be 'runner' or 'fork'"],
    [{ preload: ['a', ''] }, "`preload` was given [ 'a', '' ]; it must be an array of non-empty strings"],
    [{ timeout: '5s' }, "`timeout` was given '5s'; it must be a number of milliseconds, 0 or more"],
    [{ timeout: Number.NaN }, '`timeout` was given NaN; it must be a number of milliseconds, 0 or more'],
    [{ parallel: 0 }, '`parallel` was given 0; it must be an integer of at least 1'],
    [{ parallel: 1.5 }, '`parallel` was given 1.5; it must be an integer of at least 1'],
    [{ report: true }, '`report` was given true; it must be a non-empty string'],
  ])('one of the wrong kind: %o', (option, words) => {
    const error = errorOf(option)
    expect(error.message).toBe(`[forkpoint] Option ${words} (ERR_FORKPOINT_OPTION)`)
    expect(error.path).toBe(Object.keys(option)[0])
  })

  test.each([
    [null, 'null'],
    ['fork', "'fork'"],
    [[], '[]'],
  ])('options that are no object: %o', (user, words) => {
    expect(errorOf(user).message).toBe(
      `[forkpoint] forkpoint was given ${words}; it takes one object of options (ERR_FORKPOINT_OPTION)`,
    )
  })

  test('a long value is cut short in the message', () => {
    expect(errorOf({ engine: 'x'.repeat(200) }).message).toBe(
      `[forkpoint] Option \`engine\` was given '${'x'.repeat(60)}'... 140 more characters; ` +
        "it must be 'auto', 'fork', 'heap' or 'off' (ERR_FORKPOINT_OPTION)",
    )
  })
})

describe('rules', () => {
  const rule = { call: 'fs.writeFile*', nature: 'safe', why: 'append-only log' }

  test.each([
    [
      [rule, { ...rule, why: undefined }],
      'rules[1].why',
      'Option `rules[1].why` is missing; it must be a non-empty string',
    ],
    [
      [{ ...rule, why: ' ' }],
      'rules[0].why',
      "Option `rules[0].why` was given ' '; it must be a non-empty string",
    ],
    [
      [{ ...rule, nature: 'fine' }],
      'rules[0].nature',
      "Option `rules[0].nature` was given 'fine'; it must be 'safe', 'virtualised', 'compensable' or 'unsafe'",
    ],
    [
      [{ ...rule, undo: 'rm' }],
      'rules[0].undo',
      "Option `rules[0].undo` was given 'rm'; it must be a function",
    ],
    [
      [{ ...rule, wyh: 'x' }],
      'rules[0].wyh',
      "Unknown option `rules[0].wyh` (given 'x'): did you mean `rules[0].why`?",
    ],
    [[rule, 'fs.*'], 'rules[1]', "Option `rules[1]` was given 'fs.*'; it must be an object"],
  ])('a mistake names the field: %o', (rules, path, words) => {
    const error = errorOf({ rules })
    expect(error.message).toBe(`[forkpoint] ${words} (ERR_FORKPOINT_OPTION)`)
    expect(error.path).toBe(path)
  })
})

test('modules to preload are refused where no process imports them once', () => {
  const error = errorOf({ preload: ['pg'] })
  expect(error.message).toBe(
    "[forkpoint] `preload` has no effect without `files: 'fork'`; set that too, or remove it (ERR_FORKPOINT_OPTION)",
  )
  expect(error.path).toBe('preload')
})
