import { beforeEach, describe, expect, test } from 'vitest'

import { NetworkError } from '../api/errors'
import type { Job } from '../api/types'
import { apiError, createFakeApi, type FakeApi } from '../testing/fake_api'
import {
  createFakeClock,
  createFakePage,
  settled,
  type FakeClock,
  type FakePage,
} from '../testing/fake_clock'
import { followJob, type Connection } from './following'

const LONG_MS = 600_000

let api: FakeApi
let clock: FakeClock
let page: FakePage
let seen: Job[]
let connections: Connection[]
let way: AbortController

beforeEach(() => {
  api = createFakeApi()
  clock = createFakeClock()
  page = createFakePage()
  seen = []
  connections = []
  way = new AbortController()
})

/** `random` of one half adds nothing to any wait. */
function follow(jobId: string, random = 0.5) {
  const following = followJob(
    api,
    jobId,
    { clock, page, random: () => random },
    {
      signal: way.signal,
      onJob: (job) => seen.push(job),
      onConnection: (connection) => connections.push(connection),
    },
  )
  following.finished.catch(() => undefined)
  return following
}

const looks = () => api.calls.filter((call) => call.startsWith('job ')).length

describe('the time between looks', () => {
  test('grows while nothing moves, to 15 s at most', async () => {
    const { jobId } = api.add({ status: 'processing' })
    follow(jobId)
    await settled()
    await clock.pass(60_000)
    expect(clock.waits.slice(0, 8)).toEqual([
      2000, 3000, 4500, 6750, 10_125, 15_000, 15_000, 15_000,
    ])
  })

  test('is short again when something has moved', async () => {
    const { jobId } = api.add({ status: 'processing', stage: 'meshing', progress: 0.5 })
    follow(jobId)
    await settled()
    await clock.pass(9500)
    expect(clock.waits.at(-1)).toBe(6750)
    api.change(jobId, { stageDetail: { done: 1, total: 9 } })
    await clock.pass(6750)
    expect(clock.waits.at(-1)).toBe(2000)
  })

  test.each([
    [0, 1600],
    [1, 2400],
  ])('differs from page to page (random %s)', async (random, expected) => {
    const { jobId } = api.add({ status: 'processing' })
    follow(jobId, random)
    await settled()
    expect(clock.waits).toEqual([expected])
  })

  test('is what the service asks for, where it asks', async () => {
    const { jobId } = api.add({ status: 'processing' })
    api.failNext('job', apiError(429, 'throttled', 40))
    follow(jobId)
    await settled()
    expect(clock.waits).toEqual([40_000])
  })
})

describe('a hidden page', () => {
  test('asks nothing, and at once when it is shown again', async () => {
    const { jobId } = api.add({ status: 'processing' })
    follow(jobId)
    await settled()
    page.hide()
    await clock.pass(LONG_MS)
    expect(looks()).toBe(1)
    page.show()
    await settled()
    expect(looks()).toBe(2)
  })

  test('that is shown before the time is over does not look twice', async () => {
    const { jobId } = api.add({ status: 'processing' })
    follow(jobId)
    await settled()
    page.hide()
    page.show()
    await settled()
    expect(looks()).toBe(2)
    await clock.pass(1999)
    expect(looks()).toBe(2)
  })
})

describe('failures', () => {
  test('of the network are told and survived', async () => {
    const { jobId } = api.add({ status: 'processing' })
    api.failNext('job', new NetworkError())
    api.failNext('job', apiError(500, 'internal_error'))
    const { finished } = follow(jobId)
    await settled()
    expect(connections).toEqual(['retrying'])
    api.change(jobId, { status: 'completed' })
    await clock.pass(30_000)
    expect(connections).toEqual(['retrying', 'retrying', 'ok'])
    await expect(finished).resolves.toMatchObject({ status: 'completed' })
  })

  test.each([
    [404, 'job_not_found'],
    [410, 'job_deleted'],
    [403, 'job_not_yours'],
  ])('that asking again will not mend end it: %s', async (status, code) => {
    const { jobId } = api.add({ status: 'processing' })
    api.failNext('job', apiError(status, code))
    const { finished } = follow(jobId)
    await expect(finished).rejects.toMatchObject({ code })
    await clock.pass(LONG_MS)
    expect(looks()).toBe(1)
  })
})

test('the end of the job ends it', async () => {
  const { jobId } = api.add({ status: 'processing' })
  const { finished } = follow(jobId)
  await settled()
  api.change(jobId, { status: 'failed' })
  await clock.pass(2000)
  await expect(finished).resolves.toMatchObject({ status: 'failed' })
  expect(seen.map(({ status }) => status)).toEqual(['processing', 'failed'])
  await clock.pass(LONG_MS)
  expect(looks()).toBe(2)
})

test('a look can be asked for', async () => {
  const { jobId } = api.add({ status: 'processing' })
  const following = follow(jobId)
  await settled()
  following.lookNow()
  await settled()
  expect(looks()).toBe(2)
})

test('nothing is asked once it is called off', async () => {
  const { jobId } = api.add({ status: 'processing' })
  const { finished } = follow(jobId)
  await settled()
  way.abort()
  await expect(finished).rejects.toMatchObject({ name: 'AbortError' })
  await clock.pass(LONG_MS)
  expect(looks()).toBe(1)
})
