import { afterEach, expect, test, vi } from 'vitest'

import { uploadScan } from './upload'

const PART_BYTES = 1000

/** The API's side of an upload, as its contract says; fetch is the only seam. */
function serveUpload(upload: unknown): { calls: string[] } {
  const calls: string[] = []
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    calls.push(`${init.method} ${url}`)
    const body = init.body === undefined ? {} : JSON.parse(String(init.body))
    const parts = (body.partNumbers ?? []).map((n: number) => ({ partNumber: n, url: `late-${n}` }))
    return Response.json({ ok: true, jobId: 'a1', upload, parts })
  })
  return { calls }
}

afterEach(() => vi.unstubAllGlobals())

test('a small scan goes out in one piece with the headers that were signed', async () => {
  const headers = { 'Content-Type': 'application/octet-stream' }
  const { calls } = serveUpload({ kind: 'single', url: 'put-here', headers })
  const put = vi.fn(async () => {})
  const file = new File(['abc'], 'scan.nii')
  expect(await uploadScan(file, 'ada', () => {}, put)).toBe('a1')
  expect(put).toHaveBeenCalledExactlyOnceWith('put-here', file, headers)
  expect(calls).toEqual(['POST /upload', 'POST /upload/a1/complete'])
})

test('a large scan goes out in parts that together are the file', async () => {
  const { calls } = serveUpload({
    kind: 'multipart',
    part_size_bytes: PART_BYTES,
    part_count: 6,
    parts: [1, 2, 3, 4].map((n) => ({ partNumber: n, url: `early-${n}` })),
  })
  const bytes = Uint8Array.from({ length: 5.5 * PART_BYTES }, (_, i) => i % 251)
  const sent = new Map<number, Blob>()
  const shares: number[] = []
  await uploadScan(
    new File([bytes], 'scan.nii'),
    'ada',
    (share) => shares.push(share),
    async (url, body) => void sent.set(Number(url.split('-')[1]), body),
  )
  const joined = new Blob([1, 2, 3, 4, 5, 6].map((n) => sent.get(n)!))
  expect(new Uint8Array(await joined.arrayBuffer())).toEqual(bytes)
  expect(shares.at(-1)).toBe(1)
  expect(shares).toEqual([...shares].sort((a, b) => a - b))
  expect(calls.filter((call) => call.endsWith('/parts'))).toHaveLength(2)
  expect(calls.at(-1)).toBe('POST /upload/a1/complete')
})

test('a refused part fails the upload, and the job is not completed', async () => {
  const { calls } = serveUpload({ kind: 'single', url: 'put-here', headers: {} })
  const refuse = async (): Promise<void> => Promise.reject(new Error('refused'))
  await expect(uploadScan(new File(['a'], 's.nii'), 'ada', () => {}, refuse)).rejects.toThrow()
  expect(calls).toEqual(['POST /upload'])
})
