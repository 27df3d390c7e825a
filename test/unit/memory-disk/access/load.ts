import { createRequire } from 'node:module'

type Read = (file: string) => unknown
type CjsReader = Readonly<Record<'member' | 'required' | 'promised' | 'taken', Read>> & {
  importNatively(url: string): Promise<unknown>
}

export const cjs: CjsReader = createRequire(import.meta.url)('./reader.cjs')
const load = (name: string): Promise<unknown> => cjs.importNatively(new URL(name, import.meta.url).href)

export async function loadReaders(): Promise<Readonly<Record<string, Read>>> {
  return ((await load('./reader.mjs')) as { readers: Record<string, Read> }).readers
}

export async function loadOutsider(): Promise<{ write(file: string, content: string): Promise<void> }> {
  return (await load('./outsider.mjs')) as Awaited<ReturnType<typeof loadOutsider>>
}
