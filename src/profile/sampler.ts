import { type HeapProfiler, Session } from 'node:inspector'

/** A function of the profile's tree, with those that it has called. */
export type SampledNode = Pick<HeapProfiler.SamplingHeapProfileNode, 'callFrame' | 'selfSize'> & {
  readonly children: readonly SampledNode[]
}

/** A sample every so many bytes, on average. */
const INTERVAL = 4096

/**
 * V8's sampling of allocations in this thread, what is collected again included: most of what a setup allocates. v8-profiler-next
 * starts the same sampler, but can't ask it for that (1.10.0), and is built for Node up to 21 only.
 */
export class Sampler {
  readonly #session = new Session()

  constructor() {
    this.#session.connect()
  }

  start(): void {
    const includeAll = { includeObjectsCollectedByMajorGC: true, includeObjectsCollectedByMinorGC: true }
    this.#session.post('HeapProfiler.startSampling', { samplingInterval: INTERVAL, ...includeAll } as object)
  }

  /** What was allocated since `start`. The inspector of the own thread answers at once. */
  stop(): SampledNode | null {
    let head: SampledNode | null = null
    this.#session.post('HeapProfiler.stopSampling', (_, answer) => {
      head = answer?.profile.head ?? null
    })
    return head
  }
}
