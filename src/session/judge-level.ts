import type { Level } from './level.ts'
import { type Circumstances, judgePayOff, type Verdict } from './pay-off.ts'

/** Whether the next test of a level is to be rolled back, as far as that is known; the level keeps the reason. */
export function judgeLevel(level: Level, circumstances: Omit<Circumstances, 'isRolling'>): Verdict['choice'] {
  if (level.isBare) {
    level.why = 'every suite is rolled back'
    return 'roll'
  }
  if (circumstances.warmup === 'auto' && level.figures.setups.length === 0) return 'warm'
  const { choice, why } = judgePayOff(level.figures, { ...circumstances, isRolling: level.isRolling })
  level.why = why
  if (choice === 'plain') level.plainBecause = why
  return choice
}
