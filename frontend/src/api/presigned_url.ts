/** Presigned URLs say themselves until when they hold (AWS Signature Version 4, query parameters). */

/** A clock that is slow here, and a click that is a moment before the end. */
const MARGIN_MS = 60_000

/** Null where the URL does not say. */
export function expiresAtMs(url: string): number | null {
  const query = new URL(url, 'http://relative').searchParams
  const date = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(query.get('X-Amz-Date') ?? '')
  const lifetimeS = Number(query.get('X-Amz-Expires'))
  if (date === null || !(lifetimeS > 0)) return null
  const [year = 0, month = 0, ...time] = date.slice(1).map(Number)
  return Date.UTC(year, month - 1, ...time) + lifetimeS * 1000
}

/** Whether it must be asked for anew; one that does not say how long it holds is tried. */
export function isExpired(url: string, nowMs: number): boolean {
  const end = expiresAtMs(url)
  return end !== null && nowMs > end - MARGIN_MS
}
