import type { Command } from './command.ts'
import { doctor } from './doctor/doctor.ts'
import { explain } from './explain.ts'
import { report } from './report/report.ts'

/** Every command, in the order of the help. */
export const COMMANDS: readonly Command[] = [doctor, report, explain]
