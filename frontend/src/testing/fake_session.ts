/** A session whose surroundings a test holds in its hands. */

import { createStore } from 'zustand/vanilla'

import type { ScanOptions, Task } from '../api/types'
import type { Candidate, PackedScan } from '../scan/candidate'
import { hashOf, type Address, type Route } from '../session/address'
import { followJob } from '../session/following'
import { Session } from '../session/session'
import { createTasks, type TasksList } from '../session/tasks'
import type { UnfinishedUpload } from '../session/unfinished_uploads'
import type { Upload, UploadOptions } from '../session/uploader'
import { readCatalogue } from './catalogue'
import { createFakeApi, type FakeApi } from './fake_api'
import { createFakeClock, createFakePage, type FakeClock } from './fake_clock'

/** An upload that does what the test says. */
export interface FakeUpload {
  scan: PackedScan
  options: UploadOptions
  state: 'running' | 'paused' | 'aborted' | 'finished'
  /** All has arrived. */
  finish: (jobId: string) => void
  fail: (error: Error) => void
}

/** What outlives a reload of the page. */
export interface Browser {
  stored: UnfinishedUpload<ScanOptions> | null
  lockHeldElsewhere: boolean
  route: Route
}

export interface FakeSession {
  session: Session
  api: FakeApi
  clock: FakeClock
  address: Address
  tasks: TasksList
  browser: Browser
  uploads: FakeUpload[]
  /** What reading the next files finds. */
  found: { candidates: Candidate[]; failure: Error | null }
  /** Packing the next scan ends when the test says so. */
  packing: { finish: () => void; fail: (error: Error) => void; share: (share: number) => void }
}

export function someTasks(): Task[] {
  const { engines } = readCatalogue()
  const tasks = engines['totalsegmentator']?.tasks ?? []
  return tasks.map((task) => ({ ...task, available: task.licence === 'open' }))
}

export function someCandidate(part: Partial<Candidate> = {}): Candidate {
  return {
    id: 'series-1',
    kind: 'dicom',
    files: [],
    archive: null,
    sizeBytes: 1000,
    description: {
      title: 'Thorax 1.5',
      modality: 'CT',
      shape: [512, 512, 100],
      spacingMm: [0.7, 0.7, 1.5],
      sliceCount: 100,
    },
    refusal: null,
    thumbnail: () => Promise.resolve(null),
    ...part,
  }
}

export function createBrowser(route: Route = { page: 'start' }): Browser {
  return { stored: null, lockHeldElsewhere: false, route }
}

/** A page that is opened; another one with the same browser and API is a reload of it. */
export function createFakeSession(
  browser: Browser = createBrowser(),
  api: FakeApi = createFakeApi(),
): FakeSession {
  const clock = createFakeClock()
  const store = createStore<Route>(() => browser.route)
  const address: Address = {
    store,
    go: (route) => {
      if (hashOf(route) === hashOf(store.getState())) return
      browser.route = route
      store.setState(route, true)
    },
  }
  if (api.tasksOffered.length === 0) api.tasksOffered = someTasks()
  const tasks = createTasks(api)
  const surroundings = { clock, page: createFakePage(), random: () => 0.5 }
  const fake: Omit<FakeSession, 'session'> = {
    api,
    clock,
    address,
    tasks,
    browser,
    uploads: [],
    found: { candidates: [someCandidate()], failure: null },
    packing: { finish: () => undefined, fail: () => undefined, share: () => undefined },
  }
  const session = new Session({
    api,
    userId: 'someone',
    address,
    tasks,
    unfinished: {
      save: (upload) => {
        browser.stored = upload
        return Promise.resolve('saved')
      },
      find: () => Promise.resolve(browser.stored),
      remove: () => {
        browser.stored = null
        return Promise.resolve()
      },
    },
    uploadLock: {
      tryHold: () => Promise.resolve(browser.lockHeldElsewhere ? null : () => undefined),
    },
    readFiles: (_files, options) => {
      options?.onProgress?.({ readCount: 1, totalCount: 2 })
      const { candidates, failure } = fake.found
      return failure === null ? Promise.resolve(candidates) : Promise.reject(failure)
    },
    packScan: (_candidate, packing, onShare) =>
      new Promise<PackedScan>((resolve, reject) => {
        const filename = packing === 'zip' ? 'scan.zip' : 'scan.nii.gz'
        fake.packing.finish = () => resolve({ blob: new Blob(['scan']), filename })
        fake.packing.fail = reject
        fake.packing.share = onShare
      }),
    uploadScan: (_api, scan, options) => startFakeUpload(fake.uploads, scan, options),
    follow: (jobId, options) => followJob(api, jobId, surroundings, options),
  })
  return { session, ...fake }
}

function startFakeUpload(uploads: FakeUpload[], scan: PackedScan, options: UploadOptions): Upload {
  const fake: FakeUpload = {
    scan,
    options,
    state: 'running',
    finish: () => undefined,
    fail: () => undefined,
  }
  const finished = new Promise<string>((resolve, reject) => {
    fake.finish = (jobId) => {
      fake.state = 'finished'
      resolve(jobId)
    }
    fake.fail = reject
  })
  finished.catch(() => undefined)
  uploads.push(fake)
  const phase = (name: 'sending' | 'paused') => options.onPhase?.(name)
  return {
    finished,
    pause: () => {
      fake.state = 'paused'
      phase('paused')
    },
    resume: () => {
      fake.state = 'running'
      phase('sending')
    },
    abort: () => {
      fake.state = 'aborted'
      fake.fail(new DOMException('Stopped', 'AbortError'))
    },
  }
}
