import { sharedState } from '../state.ts'
import { attributesJournal } from './attributes-journal.ts'
import { Cells } from './cells.ts'
import { Realm, setTestRealm } from './realms.ts'
import { weakJournal } from './weak-journal.ts'

/**
 * Has the state of a context of node:vm be rolled back from here on: its built-ins are watched, and what the code of others has
 * exposed is forgotten. Call it before user code runs there; a thread has one such context at a time.
 */
export function enterRealm(global: typeof globalThis): Realm {
  const realm = new Realm(global)
  setTestRealm(realm)
  sharedState().cells = new Cells()
  weakJournal().addRealm(global)
  attributesJournal().addRealm(global)
  return realm
}

/** Nothing more of it is kept. */
export function leaveRealm(): void {
  setTestRealm(null)
  sharedState().cells = new Cells()
}
