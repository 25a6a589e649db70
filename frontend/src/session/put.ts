/** One PUT to a presigned URL. */

export type Put = (order: {
  url: string
  body: Blob
  headers: Record<string, string>
  /** Bytes of the body sent so far. */
  onSent: (bytes: number) => void
  signal: AbortSignal
}) => Promise<void>

/** The store answered with something else than success. */
export class PutRefused extends Error {
  constructor(readonly status: number) {
    super(`The store answered ${status}.`)
  }
}

/** No answer: the connection broke, or nothing moved for two minutes. */
export class PutLost extends Error {}

const STALLED_MS = 120_000

/** By XMLHttpRequest: fetch does not tell how much of a body has been sent. */
export const putByXhr: Put = ({ url, body, headers, onSent, signal }) =>
  new Promise<void>((resolve, reject) => {
    signal.throwIfAborted()
    const request = new XMLHttpRequest()
    let stalled = setTimeout(() => request.abort(), STALLED_MS)
    const moved = () => {
      clearTimeout(stalled)
      stalled = setTimeout(() => request.abort(), STALLED_MS)
    }
    const abort = () => request.abort()
    signal.addEventListener('abort', abort, { once: true })
    request.upload.onprogress = ({ loaded }) => {
      moved()
      onSent(loaded)
    }
    request.onloadend = () => {
      clearTimeout(stalled)
      signal.removeEventListener('abort', abort)
      if (signal.aborted) reject(signal.reason as Error)
      else if (request.status === 0) reject(new PutLost())
      else if (request.status < 300) resolve()
      else reject(new PutRefused(request.status))
    }
    request.open('PUT', url)
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value)
    request.send(body)
  })
