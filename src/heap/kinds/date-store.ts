import { EntryStore } from '../log/entry-store.ts'
import { dateGetTime, dateSetTime, objectIs } from '../uncurried.ts'

/** The moments that dates stand for. */
export class DateStore extends EntryStore {
  readonly objects: Date[] = []
  readonly #times: number[] = []

  add(date: Date): void {
    this.objects.push(date)
    this.#times.push(dateGetTime(date))
  }

  restoreAt(place: number): number {
    const date = this.objects[place] as Date
    const time = this.#times[place] as number
    if (objectIs(dateGetTime(date), time)) return 0
    dateSetTime(date, time)
    return 1
  }
}
