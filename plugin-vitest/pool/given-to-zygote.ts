import type { SerializedConfig } from 'vitest'

/** What a zygote is told of its children's work: what all files of the project with one environment have in common. */
export interface GivenToZygote {
  config: SerializedConfig
  environment: { name: string; options: Record<string, unknown> | null }
  /** Host calls of tests are watched: from before the first module is imported. */
  isGuarding: boolean
  /** What the plugin provides to the workers, and nothing that the user does. */
  provided: Record<string, unknown>
  /** A test file is rehearsed before the first one is forked. */
  isRehearsed: boolean
}
