/** Unpacks a preview off the main thread, which would stand still for a second otherwise. */

import { prepareVolume, type PreparedVolume } from './prepare'

export interface WorkerTask {
  readonly ct: ArrayBuffer
  readonly labels: ArrayBuffer | null
}

export type WorkerAnswer = { volume: PreparedVolume } | { failure: string }

// TypeScript takes this file for one of a window, whose postMessage has other parameters.
const worker = self as unknown as {
  onmessage: (event: MessageEvent<WorkerTask>) => void
  postMessage: (answer: WorkerAnswer, transfer: Transferable[]) => void
}

worker.onmessage = ({ data: { ct, labels } }) => {
  prepareVolume(ct, labels).then(
    (volume) => {
      const arrays = [volume.stored, volume.halves, ...(volume.labels ? [volume.labels] : [])]
      worker.postMessage(
        { volume },
        arrays.map(({ buffer }) => buffer),
      )
    },
    (error: unknown) => worker.postMessage({ failure: String(error) }, []),
  )
}
