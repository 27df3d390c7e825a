import { setFlagsFromString } from 'node:v8'

/**
 * Imports with all functions compiled at once, and not each when it is first called: what is called in children only would
 * be compiled again in every one of them. Other modules that are compiled in the meantime are treated alike, at no harm.
 */
export async function importEagerly<Module>(load: () => Promise<Module>): Promise<Module> {
  setFlagsFromString('--no-lazy')
  try {
    return await load()
  } finally {
    setFlagsFromString('--lazy')
  }
}
