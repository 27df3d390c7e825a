import { vi } from 'vitest'

/** The options by which Vitest puts mocks back before each try of a test. */
const RESETS = {
  restoreMocks: (): unknown => vi.restoreAllMocks(),
  mockReset: (): unknown => vi.resetAllMocks(),
  clearMocks: (): unknown => vi.clearAllMocks(),
  unstubEnvs: (): unknown => vi.unstubAllEnvs(),
  unstubGlobals: (): unknown => vi.unstubAllGlobals(),
} as const

type Resets = { -readonly [option in keyof typeof RESETS]?: boolean | undefined }

const OPTIONS = Object.keys(RESETS) as Array<keyof typeof RESETS>

/** What Vitest does before the hooks of a try, and so before a fixture that stands for such a hook. */
export function clearMocks(config: Resets): void {
  for (const option of OPTIONS) if (config[option] === true) RESETS[option]()
}

/** Runs `body` without that: the fixture has run since, and what it mocked is to stay. */
export function keepMocks<Result>(config: Resets, body: () => Result): Result {
  const before = OPTIONS.map(option => [option, config[option]] as const)
  for (const option of OPTIONS) config[option] = false
  try {
    return body()
  } finally {
    for (const [option, value] of before) config[option] = value
  }
}
