import { statSync } from 'node:fs'

export function sizeOf(file: string): number {
  return statSync(file).size
}
