/** Where a runner, or Node, keeps the modules that are loaded. */
export interface ModuleRegistry {
  /** Takes note of those that are there now. */
  record(): RecordedModules
  /** Of these labels the one of the module that exports this object, or has it as its exports; null for any other object. */
  labelOf(exports: object, labels: readonly string[]): string | null
}

export interface RecordedModules {
  /** Shows what the modules of user code export. */
  visit(visit: (value: unknown) => void): void
  /**
   * Has those that came since forgotten, so that they are loaded afresh, and the others be there again.
   *
   * @returns whether a module of this label is forgotten if it came since
   */
  restore(): (label: string) => boolean
}
