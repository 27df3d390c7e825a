/** What a worker of Vitest speaks with the main process by. */
export interface WorkerLine {
  post(message: unknown): void
  on(listener: (message: unknown) => void): void
  off(listener: (message: unknown) => void): void
}
