/** Zips beside the page, which stays responsive. */

import { receivedFiles, type ZipAnswer, type ZipOrder } from './zip_order'
import { ZipTooLarge, zipFiles } from './zip_writer'

/** Reports no more often than a bar can show. */
const REPORTS = 200

self.onmessage = ({ data }: MessageEvent<ZipOrder>) => {
  void zipped(data).then((answer) => self.postMessage(answer))
}

async function zipped(order: ZipOrder): Promise<ZipAnswer> {
  let reported = 0
  try {
    const blob = await zipFiles(receivedFiles(order.files), (readBytes) => {
      const report = Math.floor((readBytes / order.totalBytes) * REPORTS)
      if (report === reported) return
      reported = report
      self.postMessage({ is: 'read', readBytes } satisfies ZipAnswer)
    })
    return { is: 'zip', blob }
  } catch (error) {
    return { is: error instanceof ZipTooLarge ? 'too_large' : 'unreadable' }
  }
}
