/** Zipping in a worker, as one call. */

import type { ScanFile } from './candidate'
import { PackedTooLarge, UnreadableFile } from './packing_errors'
import { sentFiles, type ZipAnswer, type ZipOrder } from './zip_order'

/**
 * @throws PackedTooLarge, UnreadableFile
 * @throws the signal's reason when it is aborted
 */
export async function zipInWorker(
  files: readonly ScanFile[],
  onShare: (share: number) => void,
  signal: AbortSignal,
): Promise<Blob> {
  signal.throwIfAborted()
  const totalBytes = files.reduce((sum, { size }) => sum + size, 0)
  const worker = new Worker(new URL('./zip_worker.ts', import.meta.url), { type: 'module' })
  try {
    return await new Promise<Blob>((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
      worker.onerror = ({ message }) => reject(new UnreadableFile(message))
      worker.onmessage = ({ data }: MessageEvent<ZipAnswer>) => {
        switch (data.is) {
          case 'read': {
            onShare(data.readBytes / totalBytes)
            return
          }
          case 'zip': {
            resolve(data.blob)
            return
          }
          case 'too_large': {
            reject(new PackedTooLarge())
            return
          }
          case 'unreadable': {
            reject(new UnreadableFile())
            return
          }
        }
      }
      worker.postMessage({ files: sentFiles(files), totalBytes } satisfies ZipOrder)
    })
  } finally {
    worker.terminate()
  }
}
