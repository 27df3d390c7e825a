import { dateGetTime, dateSetTime, objectIs } from '../uncurried.ts'
import type { Store } from '../unrestorable.ts'

/** The moments that dates stand for. */
export class DateStore implements Store {
  readonly #dates: Date[] = []
  readonly #times: number[] = []

  add(date: Date): void {
    this.#dates.push(date)
    this.#times.push(dateGetTime(date))
  }

  restore(): number {
    let repairs = 0
    for (let i = 0; i < this.#dates.length; i++) {
      const date = this.#dates[i] as Date
      const time = this.#times[i] as number
      if (objectIs(dateGetTime(date), time)) continue
      dateSetTime(date, time)
      repairs++
    }
    return repairs
  }
}
