/**
 * What the environment keeps besides the tests, and a branch changes: a part notes how it is when the branch begins, tells
 * what has changed when it ends, and does the same here.
 */
export interface CarriedPart<Changes> {
  /** Called on both sides, before the branch. The function that is returned is called inside, at its end. */
  watch(): () => Changes
  /** Called inside, when the branch has begun. */
  begin?(): void
  /** Called outside. */
  apply(changes: Changes): void
}
