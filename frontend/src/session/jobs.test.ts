import { beforeEach, describe, expect, test } from 'vitest'

import { NetworkError } from '../api/errors'
import { apiError, createFakeApi, type FakeApi } from '../testing/fake_api'
import { createFakeClock, createFakePage, settled } from '../testing/fake_clock'
import { JobsList } from './jobs'

let api: FakeApi
let list: JobsList

beforeEach(() => {
  api = createFakeApi()
  list = new JobsList(api, 'someone')
})

const ids = () => list.store.getState().jobs?.map(({ jobId }) => jobId)
const addMany = (count: number) => Array.from({ length: count }, () => api.add().jobId)

test('lists page by page, newest first', async () => {
  const made = addMany(45).reverse()
  await list.refresh()
  expect(ids()).toEqual(made.slice(0, 20))
  await list.loadMore()
  await list.loadMore()
  expect(ids()).toEqual(made)
  expect(list.store.getState().cursor).toBeNull()
})

test('what is new comes on top of the pages that were listed', async () => {
  const made = addMany(25).reverse()
  await list.refresh()
  await list.loadMore()
  const { jobId } = api.add()
  await list.refresh()
  expect(ids()).toEqual([jobId, ...made])
})

describe('deleting', () => {
  test('takes the job off the list, and tells how many objects went', async () => {
    const artifact = {
      name: 'model.glb',
      content_type: 'model/gltf-binary',
      content_encoding: null,
      size_bytes: 1,
      sha256: '',
      url: '',
    }
    const { jobId } = api.add({ artifacts: [artifact, artifact] })
    const other = api.add().jobId
    await list.refresh()
    const deletion = list.remove(jobId)
    expect(list.store.getState().deleting).toEqual(new Set([jobId]))
    await deletion
    expect(ids()).toEqual([other])
    expect(list.store.getState()).toMatchObject({
      deleting: new Set(),
      lastDeletion: { jobId, objects: 3 },
    })
    expect(api.stored.get(jobId)?.status).toBe('deleted')
  })

  test('what is gone already is no error', async () => {
    const { jobId } = api.add()
    await list.refresh()
    api.failNext('remove', apiError(410, 'job_deleted'))
    await list.remove(jobId)
    expect(ids()).toEqual([])
    expect(list.store.getState().problem).toBeNull()
  })

  test('that fails leaves the job on the list, with the reason', async () => {
    const { jobId } = api.add()
    await list.refresh()
    api.failNext('remove', new NetworkError())
    await list.remove(jobId)
    expect(ids()).toEqual([jobId])
    expect(list.store.getState()).toMatchObject({
      problem: { code: 'network' },
      deleting: new Set(),
      lastDeletion: null,
    })
  })
})

describe('watching', () => {
  const listings = () => api.calls.filter((call) => call.startsWith('jobs')).length

  test('looks again as long as a job is processing', async () => {
    const clock = createFakeClock()
    const { jobId } = api.add({ status: 'processing' })
    list.watch(clock, createFakePage())
    await settled()
    await clock.pass(10_000)
    expect(listings()).toBe(2)
    api.change(jobId, { status: 'completed' })
    await clock.pass(10_000)
    expect(list.store.getState().jobs?.[0]?.status).toBe('completed')
    await clock.pass(100_000)
    expect(listings()).toBe(3)
  })

  test('asks nothing while the page is hidden, nor once it has ended', async () => {
    const clock = createFakeClock()
    const page = createFakePage()
    api.add({ status: 'processing' })
    const stop = list.watch(clock, page)
    await settled()
    page.hide()
    await clock.pass(100_000)
    expect(listings()).toBe(1)
    page.show()
    await clock.pass(10_000)
    expect(listings()).toBe(2)
    stop()
    await clock.pass(100_000)
    expect(listings()).toBe(2)
  })
})
