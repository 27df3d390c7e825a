import type { Command } from './command.ts'
import { doctor } from './doctor/doctor.ts'
import { explain } from './explain.ts'
import { profile } from './profile/profile.ts'
import { report } from './report/report.ts'
import { tryOut } from './try/try.ts'

/** Every command, in the order of the help. */
export const COMMANDS: readonly Command[] = [doctor, tryOut, report, profile, explain]
