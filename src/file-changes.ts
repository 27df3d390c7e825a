/** What was done to files, by path; of a folder that is gone, the folder alone. */
export interface FileChanges {
  changed: string[]
  created: string[]
  deleted: string[]
  /** There is more that is not listed. */
  isCut?: true
}
