import { beforeEach, describe, expect, test } from 'vitest'

import { NetworkError } from '../api/errors'
import { ConversionFailed } from '../scan/packing_errors'
import { apiError } from '../testing/fake_api'
import { settled } from '../testing/fake_clock'
import {
  createBrowser,
  createFakeSession,
  someCandidate,
  type FakeSession,
} from '../testing/fake_session'
import { DEFAULT_OPTIONS } from './scan_options'

const FILES = [new File(['x'], 'x.dcm')]

let fake: FakeSession

const state = () => fake.session.store.getState()
const upload = (index = -1) => {
  const found = fake.uploads.at(index)
  if (found === undefined) throw new Error('Nothing is being sent')
  return found
}

beforeEach(async () => {
  fake = createFakeSession()
  await fake.session.open()
  await settled()
})

/** As far as the upload that has just begun. */
async function beginUpload(jobId: string) {
  await fake.session.chooseFiles(FILES)
  void fake.session.begin()
  await settled()
  fake.packing.finish()
  await settled()
  upload().options.onJob?.(jobId)
  await settled()
}

/** A page that is loaded anew in the same browser. */
async function reload() {
  fake = createFakeSession(fake.browser, fake.api)
  void fake.session.open() // lasts as long as an upload that it resumes
  await settled()
}

test('goes from files to the result', async () => {
  const names: string[] = []
  fake.session.store.subscribe(({ name }) => {
    if (names.at(-1) !== name) names.push(name)
  })
  const { jobId } = fake.api.add()
  await beginUpload(jobId)
  upload().finish(jobId)
  await settled()
  fake.api.change(jobId, { status: 'completed' })
  await fake.clock.pass(2000)
  expect(names).toEqual([
    'reading',
    'choosing',
    'packing',
    'uploading',
    'submitting',
    'following',
    'over',
  ])
  expect(state()).toMatchObject({ name: 'over', job: { jobId, status: 'completed' } })
  expect(fake.api.stored.get(jobId)?.options).toEqual(DEFAULT_OPTIONS)
  expect(fake.browser.route).toEqual({ page: 'job', jobId })
  expect(fake.browser.stored).toBeNull()
})

describe('choosing', () => {
  test('takes the first scan that can be sent, with a task for it', async () => {
    const refused = someCandidate({ id: 'a', refusal: 'localizer' })
    const { description } = refused
    const mr = someCandidate({ id: 'b', description: { ...description, modality: 'MR' } })
    fake.found.candidates = [refused, mr]
    await fake.session.chooseFiles(FILES)
    expect(state()).toMatchObject({
      name: 'choosing',
      source: { chosen: { id: 'b' } },
      options: { task: 'total_mr' },
    })
  })

  test('another scan takes another task where it has to', async () => {
    const ct = someCandidate({ id: 'ct' })
    const mr = someCandidate({ id: 'mr', description: { ...ct.description, modality: 'MR' } })
    fake.found.candidates = [ct, mr]
    await fake.session.chooseFiles(FILES)
    expect(state()).toMatchObject({ options: { task: 'total' } })
    fake.session.choose('mr')
    expect(state()).toMatchObject({ options: { task: 'total_mr' } })
  })

  test('a scan that is refused cannot be chosen', async () => {
    fake.found.candidates = [
      someCandidate({ id: 'ok' }),
      someCandidate({ id: 'no', refusal: 'damaged' }),
    ]
    await fake.session.chooseFiles(FILES)
    fake.session.choose('no')
    expect(state()).toMatchObject({ source: { chosen: { id: 'ok' } } })
  })

  test('with nothing to send nothing begins', async () => {
    fake.found.candidates = [someCandidate({ refusal: 'no_image' })]
    await fake.session.chooseFiles(FILES)
    await fake.session.begin()
    expect(state()).toMatchObject({ name: 'choosing', source: { chosen: null } })
  })

  test('files that cannot be read lead back to the start, with the reason', async () => {
    fake.found.failure = new Error('broken')
    await fake.session.chooseFiles(FILES)
    expect(state()).toEqual({
      name: 'start',
      problem: { code: 'internal_page_error', words: null },
    })
  })
})

describe('packing', () => {
  test('that fails leads back to the choice, with the reason', async () => {
    await fake.session.chooseFiles(FILES)
    fake.session.setPacking('nifti')
    void fake.session.begin()
    await settled()
    fake.packing.fail(new ConversionFailed())
    await settled()
    expect(state()).toMatchObject({
      name: 'choosing',
      source: { packing: 'nifti' },
      problem: { code: 'packing_conversion_failed' },
    })
  })

  test('that is stopped sends nothing, even if it ends', async () => {
    await fake.session.chooseFiles(FILES)
    void fake.session.begin()
    await settled()
    fake.session.stopPacking()
    fake.packing.finish()
    await settled()
    expect(state().name).toBe('choosing')
    expect(fake.uploads).toEqual([])
  })
})

describe('an upload', () => {
  test('is paused and goes on', async () => {
    await beginUpload(fake.api.add().jobId)
    fake.session.pause()
    expect(state()).toMatchObject({ phase: 'paused' })
    fake.session.resume()
    expect(state()).toMatchObject({ phase: 'sending' })
    expect(upload().state).toBe('running')
  })

  test('goes on after a reload, with the options that were chosen', async () => {
    const { jobId } = fake.api.add({ status: 'awaiting_upload' })
    await fake.session.chooseFiles(FILES)
    fake.session.setOptions({ fast: false, reduction_percent: 50 })
    void fake.session.begin()
    await settled()
    fake.packing.finish()
    await settled()
    upload().options.onJob?.(jobId)
    await settled()

    await reload()
    expect(state()).toMatchObject({ name: 'uploading', jobId })
    expect(upload().options.jobId).toBe(jobId)
    expect(upload().scan.filename).toBe('scan.zip')
    fake.api.change(jobId, { status: 'uploaded' })
    upload().finish(jobId)
    await settled()
    expect(state()).toMatchObject({ name: 'following', jobId })
    expect(fake.api.stored.get(jobId)?.options).toMatchObject({
      fast: false,
      reduction_percent: 50,
    })
  })

  test('is left alone by a second tab while the first one sends it', async () => {
    await beginUpload(fake.api.add().jobId)
    fake.browser.lockHeldElsewhere = true
    await reload()
    expect(state().name).toBe('start')
    expect(fake.uploads).toEqual([])
  })

  test('of a second tab does not take the place of the first one’s', async () => {
    const first = fake.api.add().jobId
    await beginUpload(first)
    fake.browser.lockHeldElsewhere = true
    await reload()
    const second = fake.api.add().jobId
    await beginUpload(second)
    expect(state()).toMatchObject({ name: 'uploading', jobId: second, saved: 'unavailable' })
    upload().finish(second)
    await settled()
    expect(fake.browser.stored?.jobId).toBe(first)
  })

  test('that fails stands still until it is tried again, on the same job', async () => {
    const { jobId } = fake.api.add()
    await beginUpload(jobId)
    upload().fail(new NetworkError())
    await settled()
    expect(state()).toMatchObject({ name: 'uploading', problem: { code: 'network' } })
    void fake.session.tryAgain()
    await settled()
    expect(state()).toMatchObject({ name: 'uploading', problem: null })
    expect(upload().options.jobId).toBe(jobId)
    expect(upload().scan).toBe(upload(0).scan)
  })

  test('that is given up is stopped, forgotten and deleted', async () => {
    const { jobId } = fake.api.add()
    await beginUpload(jobId)
    await fake.session.newScan()
    await settled()
    expect(state()).toEqual({ name: 'start', problem: null })
    expect(upload().state).toBe('aborted')
    expect(fake.browser.stored).toBeNull()
    expect(fake.api.stored.get(jobId)?.status).toBe('deleted')
  })

  test('makes way for another job, and goes on when one comes back', async () => {
    const { jobId } = fake.api.add()
    const other = fake.api.add({ status: 'processing' }).jobId
    await beginUpload(jobId)
    fake.address.go({ page: 'job', jobId: other })
    await settled()
    expect(state()).toMatchObject({ name: 'following', jobId: other })
    expect(upload().state).toBe('aborted')
    fake.address.go({ page: 'start' })
    await settled()
    expect(state()).toMatchObject({ name: 'uploading', jobId })
    expect(upload().state).toBe('running')
  })

  test('goes on while the list of jobs is looked at', async () => {
    const { jobId } = fake.api.add()
    await beginUpload(jobId)
    fake.address.go({ page: 'jobs' })
    await settled()
    expect(upload().state).toBe('running')
    upload().finish(jobId)
    await settled()
    expect(fake.browser.route).toEqual({ page: 'job', jobId })
  })
})

describe('handing over', () => {
  test('that fails keeps the job, and is tried again', async () => {
    const { jobId } = fake.api.add()
    await beginUpload(jobId)
    fake.api.failNext('process', apiError(503, 'endpoint_stopped'))
    upload().finish(jobId)
    await settled()
    expect(state()).toMatchObject({
      name: 'submitting',
      jobId,
      problem: { code: 'endpoint_stopped' },
    })
    await fake.session.tryAgain()
    expect(state()).toMatchObject({ name: 'following', jobId })
  })

  test('that fails lets other options be chosen, without sending the scan again', async () => {
    const { jobId } = fake.api.add()
    await beginUpload(jobId)
    fake.api.failNext('process', apiError(400, 'task_unavailable'))
    upload().finish(jobId)
    await settled()
    await fake.session.changeOptions()
    expect(state()).toMatchObject({ name: 'choosing', source: { kind: 'job', job: { jobId } } })
    fake.session.setOptions({ task: 'body' })
    await fake.session.begin()
    expect(fake.api.stored.get(jobId)?.options?.task).toBe('body')
    expect(fake.uploads).toHaveLength(1)
  })

  test('of a job that runs already shows it', async () => {
    const { jobId } = fake.api.add({
      status: 'processing',
      options: { ...DEFAULT_OPTIONS, fast: false },
    })
    await beginUpload(jobId)
    upload().finish(jobId)
    await settled()
    expect(state()).toMatchObject({ name: 'following', jobId })
  })
})

describe('a job', () => {
  test('is found again by its address', async () => {
    const { jobId } = fake.api.add({ status: 'processing' })
    fake.browser.route = { page: 'job', jobId }
    await reload()
    expect(state()).toMatchObject({ name: 'following', job: { jobId } })
  })

  test('that does not exist says so', async () => {
    fake.address.go({ page: 'job', jobId: 'nosuchjob123' })
    await settled()
    expect(state()).toMatchObject({ name: 'following', problem: { code: 'job_not_found' } })
  })

  test('that was never processed offers its options', async () => {
    const { jobId } = fake.api.add({ status: 'uploaded' })
    fake.address.go({ page: 'job', jobId })
    await settled()
    expect(state()).toMatchObject({ name: 'choosing', source: { kind: 'job' } })
    await fake.session.begin()
    expect(fake.api.calls).not.toContain(`reuseScan ${jobId}`)
    expect(state()).toMatchObject({ name: 'following', jobId })
  })

  test('is cancelled, and seen to be at once', async () => {
    const { jobId } = fake.api.add({ status: 'processing' })
    fake.address.go({ page: 'job', jobId })
    await settled()
    await fake.session.cancelJob()
    await settled()
    expect(state()).toMatchObject({ name: 'over', job: { status: 'cancelled' } })
  })

  test('that cannot be cancelled goes on, with the reason', async () => {
    const { jobId } = fake.api.add({ status: 'processing' })
    fake.address.go({ page: 'job', jobId })
    await settled()
    fake.api.failNext('cancel', new NetworkError())
    await fake.session.cancelJob()
    expect(state()).toMatchObject({
      name: 'following',
      cancelling: false,
      cancelProblem: { code: 'network' },
    })
  })

  test('is processed again as a new one, with its options', async () => {
    const options = { ...DEFAULT_OPTIONS, fast: false }
    const { jobId } = fake.api.add({ status: 'failed', options })
    fake.address.go({ page: 'job', jobId })
    await settled()
    await fake.session.processAgain(jobId, options)
    const now = state()
    if (now.name !== 'following') throw new Error(now.name)
    expect(now.jobId).not.toBe(jobId)
    expect(fake.api.stored.get(now.jobId)?.options).toEqual(options)
    expect(fake.browser.route).toEqual({ page: 'job', jobId: now.jobId })
  })

  test('whose scan cannot be used again says so, and tries again', async () => {
    const { jobId } = fake.api.add({ status: 'failed', options: DEFAULT_OPTIONS })
    fake.api.failNext('reuseScan', new NetworkError())
    await fake.session.processAgain(jobId, DEFAULT_OPTIONS)
    expect(state()).toMatchObject({ name: 'submitting', problem: { code: 'network' } })
    await fake.session.tryAgain()
    expect(state().name).toBe('following')
  })

  test('is processed with other options, or shown again', async () => {
    const { jobId } = fake.api.add({ status: 'completed', options: DEFAULT_OPTIONS })
    fake.address.go({ page: 'job', jobId })
    await settled()
    await fake.session.changeOptions()
    expect(state().name).toBe('choosing')
    fake.session.backToJob()
    expect(state()).toMatchObject({ name: 'over', job: { jobId } })
    await fake.session.changeOptions()
    fake.session.setOptions({ reduction_percent: 10 })
    await fake.session.begin()
    const now = state()
    if (now.name !== 'following') throw new Error(now.name)
    expect(fake.api.stored.get(now.jobId)?.options?.reduction_percent).toBe(10)
  })

  test('gives way to another one, whose answers alone count', async () => {
    const first = fake.api.add({ status: 'processing' }).jobId
    const second = fake.api.add({ status: 'processing' }).jobId
    fake.address.go({ page: 'job', jobId: first })
    fake.address.go({ page: 'job', jobId: second })
    fake.api.change(first, { status: 'completed' })
    await settled()
    await fake.clock.pass(60_000)
    expect(state()).toMatchObject({ name: 'following', job: { jobId: second } })
  })

  test('gives way to the start when one goes back', async () => {
    const { jobId } = fake.api.add({ status: 'processing' })
    fake.address.go({ page: 'job', jobId })
    await settled()
    fake.address.go({ page: 'start' })
    await settled()
    expect(state()).toEqual({ name: 'start', problem: null })
  })
})

test('tasks that come late fit the options that were chosen before', async () => {
  fake = createFakeSession(createBrowser())
  fake.api.failNext('tasks', new NetworkError())
  await fake.session.open()
  const { description } = someCandidate()
  fake.found.candidates = [someCandidate({ description: { ...description, modality: 'MR' } })]
  await fake.session.chooseFiles(FILES)
  expect(state()).toMatchObject({ options: { task: 'total' } })
  await fake.tasks.load()
  expect(state()).toMatchObject({ options: { task: 'total_mr' } })
})
