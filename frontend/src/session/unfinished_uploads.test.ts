// @vitest-environment node
import 'fake-indexeddb/auto'

import { IDBFactory } from 'fake-indexeddb'
import { beforeEach, expect, test, vi } from 'vitest'

import { unfinishedUploads } from './unfinished_uploads'

interface Context {
  task: string
}

const upload = (jobId: string) => ({
  jobId,
  blob: new Blob(['voxels']),
  filename: 'scan.nii.gz',
  context: { task: 'total' },
})

beforeEach(() => vi.stubGlobal('indexedDB', new IDBFactory()))

test('an upload is found again by another page, and gone once it is removed', async () => {
  expect(await unfinishedUploads<Context>().save(upload('job1'))).toBe('saved')
  const found = await unfinishedUploads<Context>().find()
  expect(found).toMatchObject({
    jobId: 'job1',
    filename: 'scan.nii.gz',
    context: { task: 'total' },
  })
  await unfinishedUploads<Context>().remove()
  expect(await unfinishedUploads<Context>().find()).toBeNull()
})

test('the last one takes the place of the one before', async () => {
  const uploads = unfinishedUploads<Context>()
  await uploads.save(upload('job1'))
  await uploads.save(upload('job2'))
  expect((await uploads.find())?.jobId).toBe('job2')
  await uploads.remove()
  expect(await uploads.find()).toBeNull()
})

test('a full disk is told apart, and is no failure', async () => {
  const full = new DOMException('full', 'QuotaExceededError')
  vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
    throw full
  })
  expect(await unfinishedUploads<Context>().save(upload('job1'))).toBe('no_room')
})

test('without a database nothing is kept and nothing fails', async () => {
  vi.stubGlobal('indexedDB', {
    open: () => {
      throw new DOMException('private window', 'SecurityError')
    },
  })
  const uploads = unfinishedUploads<Context>()
  expect(await uploads.save(upload('job1'))).toBe('unavailable')
  expect(await uploads.find()).toBeNull()
  await expect(uploads.remove()).resolves.toBeUndefined()
})
