import { readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import type { Transformer } from './native-transforms.ts'
import type { TransformAnswer, TransformOrder } from './transform-elsewhere.ts'

type Exported = Transformer & { createTransformer?(config: unknown): Transformer | Promise<Transformer> }

/** The program of the process that `transformElsewhere` starts: reads an order, and writes the answer. */
async function answer(): Promise<TransformAnswer> {
  const { path, transformerConfig, source, file, options }: TransformOrder = JSON.parse(
    readFileSync(0, 'utf8'),
  )
  try {
    const exported = await load(path)
    const transformer = (await exported.createTransformer?.(transformerConfig)) ?? exported
    const args = [source, file, { ...options, cacheFS: new Map() }] as const
    return { result: transformer.process?.(...args) ?? (await transformer.processAsync?.(...args)) }
  } catch (error) {
    const { message, stack } = error as Error
    return { error: { message, fields: { ...(error as object) }, ...(stack !== undefined && { stack }) } }
  }
}

/** As Jest loads them: the default export, of either kind of module. */
async function load(path: string): Promise<Exported> {
  const { default: exported } = await import(pathToFileURL(path).href)
  return exported?.__esModule === true && exported.default !== undefined ? exported.default : exported
}

// What a transform prints is none of the answer.
const write = process.stdout.write.bind(process.stdout)
process.stdout.write = process.stderr.write.bind(process.stderr) as typeof process.stdout.write
write(JSON.stringify(await answer()))
