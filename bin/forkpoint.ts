#!/usr/bin/env node
/** The command `forkpoint`: the core's command line, with the runners that there are plugins for. */
import { jestKit } from '../plugin-jest/kit.ts'
import { vitestKit } from '../plugin-vitest/kit.ts'
import { runCommandLine } from '../src/cli/run-command-line.ts'
import { openTerminal } from '../src/cli/terminal.ts'

process.exitCode = await runCommandLine(process.argv.slice(2), {
  terminal: openTerminal(),
  runners: [vitestKit, jestKit],
})
