// @vitest-environment node
import { describe, expect, test } from 'vitest'

import type { Api } from '../api/client'
import { NetworkError } from '../api/errors'
import { apiError, createFakeApi, type FakeApi } from '../testing/fake_api'
import { PutLost, PutRefused, type Put } from './put'
import { uploadScan, type UploadOptions, type UploadPhase } from './uploader'
import type { UploadEnvironment } from './upload_environment'

const PART = 4
const nothing = (): void => undefined
const TEXT = 'abcdefghijklmnopqrstuv' // 22 bytes: five parts of four, one of two
const scan = { blob: new Blob([TEXT]), filename: 'scan.nii.gz' }

/** What a PUT to the store does; the URL says which part it is. */
type Answer = 'store' | 'hang' | Error

interface Store {
  environment: UploadEnvironment
  /** Part number → bytes that arrived. */
  arrived: Map<number, string>
  /** URLs of all PUTs in their order. */
  urls: string[]
  waits: number[]
  /** How the next PUTs of a part are answered; then they are stored. */
  answers: Map<number, Answer[]>
  time: { now: number }
  network: { online: boolean; back: () => void }
  most: { atOnce: number }
}

function createStore(): Store {
  const arrived = new Map<number, string>()
  const answers = new Map<number, Answer[]>()
  const urls: string[] = []
  const waits: number[] = []
  const time = { now: 0 }
  const network = { online: true, back: nothing }
  const most = { atOnce: 0 }
  let atOnce = 0
  const put: Put = async ({ url, body, onSent, signal }) => {
    urls.push(url)
    const part = partOf(url)
    most.atOnce = Math.max(most.atOnce, ++atOnce)
    try {
      await Promise.resolve()
      onSent(Math.min(1, body.size))
      const answer = answers.get(part)?.shift() ?? 'store'
      if (answer instanceof Error) throw answer
      if (answer === 'hang') await aborted(signal)
      signal.throwIfAborted()
      onSent(body.size)
      arrived.set(part, await body.text())
    } finally {
      atOnce -= 1
    }
  }
  const environment: UploadEnvironment = {
    put,
    now: () => time.now,
    random: () => 1,
    isOnline: () => network.online,
    wait: (ms, signal) => {
      waits.push(ms)
      signal.throwIfAborted()
      return Promise.resolve()
    },
    whenOnline: () =>
      new Promise((resolve) => {
        network.back = () => {
          network.online = true
          resolve()
        }
      }),
  }
  return { environment, arrived, answers, urls, waits, time, network, most }
}

const partOf = (url: string) => Number(new URL(url).searchParams.get('partNumber') ?? 1)

const aborted = (signal: AbortSignal) =>
  new Promise<never>((_, reject) =>
    signal.addEventListener('abort', () => reject(signal.reason as Error)),
  )

/** An API whose tickets are for parts of four bytes; only the first two are signed at once. */
function multipartApi(store: Store): FakeApi {
  const api = createFakeApi()
  const { startUpload } = api
  const url = (jobId: string, part: number) => `https://bucket.example/${jobId}?partNumber=${part}`
  return Object.assign(api, {
    startUpload: async (asked: Parameters<Api['startUpload']>[0]) => {
      const { jobId } = await startUpload(asked)
      const parts = [1, 2].map((partNumber) => ({ partNumber, url: url(jobId, partNumber) }))
      const part_count = Math.ceil(asked.size / PART)
      return {
        ok: true,
        jobId,
        upload: {
          kind: 'multipart',
          method: 'PUT',
          part_size_bytes: PART,
          part_count,
          parts,
          expires_s: 3600,
        },
      }
    },
    uploadState: (jobId: string) => {
      api.calls.push(`uploadState ${jobId}`)
      const job = api.stored.get(jobId)
      if (job === undefined) return Promise.reject(apiError(404, 'job_not_found'))
      return Promise.resolve({
        ok: true,
        jobId,
        status: job.status,
        kind: 'multipart',
        part_size_bytes: PART,
        part_count: 6,
        parts: [...store.arrived].map(([partNumber, text]) => ({
          partNumber,
          size_bytes: text.length,
          etag: '',
        })),
      })
    },
  } satisfies Partial<Api>)
}

function start(api: Api, store: Store, options: Partial<UploadOptions> = {}) {
  const jobs: string[] = []
  const phases: UploadPhase[] = []
  const sent: number[] = []
  const upload = uploadScan(api, scan, {
    userId: 'someone',
    environment: store.environment,
    onJob: (jobId) => jobs.push(jobId),
    onPhase: (phase) => phases.push(phase),
    onProgress: ({ sentBytes }) => sent.push(sentBytes),
    ...options,
  })
  upload.finished.catch(() => undefined) // tests look at it later
  return { upload, jobs, phases, sent }
}

const content = ({ arrived }: Store) =>
  [...arrived].sort(([a], [b]) => a - b).map(([, text]) => text).join('') // prettier-ignore

/** Until nothing moves any more. */
const settle = () => new Promise((resolve) => setTimeout(resolve, 20))

describe('a small scan', () => {
  test('goes out by one PUT, with the headers of its ticket', async () => {
    const [api, store] = [createFakeApi(), createStore()]
    const { upload, jobs, phases, sent } = start(api, store)
    const jobId = await upload.finished
    expect(content(store)).toBe(TEXT)
    expect(jobs).toEqual([jobId])
    expect(api.stored.get(jobId)).toMatchObject({ status: 'uploaded', filename: 'scan.nii.gz' })
    expect(phases).toEqual(['sending', 'completing'])
    expect(sent.at(-1)).toBe(TEXT.length)
  })

  test('gets a new job where its URL has expired, since it cannot be signed again', async () => {
    const [api, store] = [createFakeApi(), createStore()]
    store.answers.set(1, [new PutRefused(403)])
    const { upload, jobs } = start(api, store)
    const jobId = await upload.finished
    expect(jobs).toHaveLength(2)
    expect(jobs[1]).toBe(jobId)
    expect(api.stored.get(jobs[0] ?? '')?.status).toBe('deleted')
    expect(content(store)).toBe(TEXT)
  })

  test('that arrived before a reload is only completed', async () => {
    const [api, store] = [createFakeApi(), createStore()]
    const { jobId } = api.add({ status: 'awaiting_upload' })
    expect(await start(api, store, { jobId }).upload.finished).toBe(jobId)
    expect(store.urls).toEqual([])
    expect(api.stored.get(jobId)?.status).toBe('uploaded')
  })

  test('that had not arrived before a reload is sent anew, for another job', async () => {
    const [api, store] = [createFakeApi(), createStore()]
    const { jobId } = api.add({ status: 'awaiting_upload' })
    api.failNext('completeUpload', apiError(404, 'scan_not_found'))
    const finished = await start(api, store, { jobId }).upload.finished
    expect(finished).not.toBe(jobId)
    expect(api.stored.get(jobId)?.status).toBe('deleted')
    expect(content(store)).toBe(TEXT)
  })
})

describe('a large scan', () => {
  test('goes out in parts, four at a time; later ones are signed when it is their turn', async () => {
    const store = createStore()
    const api = multipartApi(store)
    const { upload, sent } = start(api, store)
    const jobId = await upload.finished
    expect(store.arrived.get(6)).toBe('uv')
    expect(content(store)).toBe(TEXT)
    expect(store.most.atOnce).toBe(4)
    expect(api.calls.filter((call) => call === `signParts ${jobId}`)).toHaveLength(4)
    expect(sent.at(-1)).toBe(TEXT.length)
    expect(api.stored.get(jobId)?.status).toBe('uploaded')
  })

  test('goes on after a reload with the parts that are missing, or cut off', async () => {
    const store = createStore()
    const api = multipartApi(store)
    const { jobId } = api.add({ status: 'awaiting_upload' })
    for (const [part, text] of [[1, 'abcd'], [2, 'ef'], [6, 'uv']] as const) store.arrived.set(part, text) // prettier-ignore
    const { upload, jobs, sent } = start(api, store, { jobId })
    expect(await upload.finished).toBe(jobId)
    expect(jobs).toEqual([jobId])
    expect(store.urls.map(partOf).sort()).toEqual([2, 3, 4, 5])
    expect(content(store)).toBe(TEXT)
    expect(sent[0]).toBe(6) // what had arrived before
  })

  test.each(['job_not_found', 'job_deleted', 'upload_expired', 'job_conflict'])(
    'whose job is over (%s) is begun anew',
    async (code) => {
      const store = createStore()
      const api = multipartApi(store)
      Object.assign(api, { uploadState: () => Promise.reject(apiError(409, code)) })
      const { upload, jobs } = start(api, store, { jobId: 'old' })
      expect(await upload.finished).toBe(jobs.at(-1))
      expect(jobs).toHaveLength(1)
      expect(content(store)).toBe(TEXT)
    },
  )

  test('that was completed elsewhere meanwhile is done', async () => {
    const store = createStore()
    const api = multipartApi(store)
    const { jobId } = api.add({ status: 'processing' })
    expect(await start(api, store, { jobId }).upload.finished).toBe(jobId)
    expect(store.urls).toEqual([])
  })

  test('has an expired URL signed again', async () => {
    const store = createStore()
    const api = multipartApi(store)
    store.answers.set(1, [new PutRefused(403)])
    const { upload, jobs } = start(api, store)
    await upload.finished
    expect(jobs).toHaveLength(1)
    expect(content(store)).toBe(TEXT)
    expect(api.calls.filter((call) => call.startsWith('signParts'))).toHaveLength(5)
  })

  test('does not use a URL that is about to expire', async () => {
    const store = createStore()
    const api = multipartApi(store)
    const { upload } = start(api, store, { onPhase: () => (store.time.now = 3_000_000) })
    await upload.finished
    expect(api.calls.filter((call) => call.startsWith('signParts'))).toHaveLength(6)
  })

  test('sends again what the API misses at the end', async () => {
    const store = createStore()
    const api = multipartApi(store)
    api.failNext('completeUpload', apiError(409, 'parts_missing'))
    const { upload } = start(api, store, {
      onPhase: (phase) => {
        if (phase === 'completing' && store.urls.length === 6) store.arrived.delete(3)
      },
    })
    await upload.finished
    expect(store.urls.map(partOf).filter((part) => part === 3)).toHaveLength(2)
    expect(content(store)).toBe(TEXT)
  })
})

describe('setbacks', () => {
  test('that pass are waited for, longer each time', async () => {
    const store = createStore()
    store.answers.set(1, [new PutRefused(503), new PutLost(), new PutRefused(500)])
    const { upload, phases } = start(createFakeApi(), store)
    await upload.finished
    expect(store.waits).toEqual([500, 1000, 2000])
    expect(phases).toEqual([
      'sending', 'waiting', 'sending', 'waiting', 'sending', 'waiting', 'sending', 'completing',
    ]) // prettier-ignore
  })

  test('of the API are waited for as long as it asks', async () => {
    const [api, store] = [createFakeApi(), createStore()]
    api.failNext('startUpload', apiError(429, 'too_many_requests', 7))
    api.failNext('completeUpload', new NetworkError())
    await start(api, store).upload.finished
    expect(store.waits).toEqual([7000, 500])
  })

  test('that do not pass end it, and the parts beside it', async () => {
    const store = createStore()
    const api = multipartApi(store)
    store.answers.set(1, ['hang'])
    store.answers.set(2, [new PutRefused(400)])
    const { upload } = start(api, store)
    await expect(upload.finished).rejects.toEqual(new PutRefused(400))
    const { length } = store.urls
    await settle()
    expect(store.urls).toHaveLength(length)
    expect(api.calls.some((call) => call.startsWith('completeUpload'))).toBe(false)
  })

  test('that never end are given up', async () => {
    const store = createStore()
    store.answers.set(
      1,
      Array.from({ length: 20 }, () => new PutLost()),
    )
    await expect(start(createFakeApi(), store).upload.finished).rejects.toThrow(PutLost)
    expect(store.urls).toHaveLength(9)
  })

  test('without a network nothing is tried until it is back', async () => {
    const store = createStore()
    store.network.online = false
    store.answers.set(1, [new PutLost()])
    const { upload, phases } = start(createFakeApi(), store)
    await settle()
    expect(store.urls).toHaveLength(1)
    expect(phases.at(-1)).toBe('waiting')
    store.network.back()
    await upload.finished
    expect(content(store)).toBe(TEXT)
    expect(store.waits).toEqual([])
  })
})

describe('a pause', () => {
  test('stops what is under way; afterwards only that is sent again', async () => {
    const store = createStore()
    const api = multipartApi(store)
    for (const part of [2, 4, 5, 6]) store.answers.set(part, ['hang'])
    const { upload, phases } = start(api, store)
    await settle()
    upload.pause()
    await settle()
    expect(phases.at(-1)).toBe('paused')
    expect([...store.arrived.keys()].sort()).toEqual([1, 3])
    const { length } = store.urls
    upload.resume()
    await upload.finished
    expect(store.urls.slice(length).map(partOf).sort()).toEqual([2, 4, 5, 6])
    expect(content(store)).toBe(TEXT)
    expect(store.waits).toEqual([])
  })

  test('that is over at once loses nothing', async () => {
    const store = createStore()
    store.answers.set(1, ['hang'])
    const { upload } = start(createFakeApi(), store)
    await settle()
    upload.pause()
    upload.resume()
    await upload.finished
    expect(content(store)).toBe(TEXT)
  })
})

describe('giving up', () => {
  test('ends all requests', async () => {
    const store = createStore()
    for (const part of [1, 2, 3, 4]) store.answers.set(part, ['hang'])
    const api = multipartApi(store)
    const { upload } = start(api, store)
    await settle()
    upload.abort()
    await expect(upload.finished).rejects.toMatchObject({ name: 'AbortError' })
    await settle()
    expect(store.urls).toHaveLength(4)
  })

  test('is possible while it is paused', async () => {
    const store = createStore()
    store.answers.set(1, ['hang'])
    const { upload } = start(createFakeApi(), store)
    await settle()
    upload.pause()
    upload.abort()
    await expect(upload.finished).rejects.toMatchObject({ name: 'AbortError' })
  })

  test('before the job is known leaves no job behind', async () => {
    const [api, store] = [createFakeApi(), createStore()]
    const { startUpload } = api
    const uploads: { abort: () => void }[] = []
    api.startUpload = async (asked) => {
      const ticket = await startUpload(asked)
      uploads[0]?.abort()
      return ticket
    }
    const { upload, jobs } = start(api, store)
    uploads.push(upload)
    await expect(upload.finished).rejects.toMatchObject({ name: 'AbortError' })
    expect(jobs).toEqual([])
    expect([...api.stored.values()].map(({ status }) => status)).toEqual(['deleted'])
  })
})
