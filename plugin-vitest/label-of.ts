import { relative } from 'node:path'

/** The path of a module as people know it. A query stays, as `a.svg?raw` is another module than `a.svg`; unless it is a version's. */
export function labelOf(path: string, root: string): string {
  const [file = path, query] = path.split('?')
  const name =
    file.startsWith('/') || /^[a-z]:/i.test(file) ? relative(root, file).replaceAll('\\', '/') : file
  return query === undefined || /^[vt]=/.test(query) ? name : `${name}?${query}`
}
