/** The one place where the page's parts are made and tied together. */

import { httpApi } from './api/client'
import type { ScanOptions } from './api/types'
import { packScan } from './scan/packing'
import { readFiles } from './scan/read_files'
import { browserAddress, type Address } from './session/address'
import { CameraRequests } from './session/camera'
import { browserPage, systemClock } from './session/clock'
import { followJob } from './session/following'
import { JobsList } from './session/jobs'
import { createScene, type SceneStore } from './session/scene'
import { Session } from './session/session'
import { createTasks, type TasksList } from './session/tasks'
import { unfinishedUploads } from './session/unfinished_uploads'
import { browserUploadLock } from './session/upload_lock'
import { uploadScan } from './session/uploader'
import { anonymousUserId } from './session/user_id'

export interface PageParts {
  address: Address
  session: Session
  jobs: JobsList
  tasks: TasksList
  scene: SceneStore
  camera: CameraRequests
}

/** The page in a browser. */
export function browserParts(): PageParts {
  const api = httpApi
  const userId = anonymousUserId()
  const address = browserAddress()
  const tasks = createTasks(api)
  const scene = createScene()
  const surroundings = { clock: systemClock, page: browserPage, random: Math.random }
  const session = new Session({
    api,
    userId,
    address,
    tasks,
    unfinished: unfinishedUploads<ScanOptions>(),
    uploadLock: browserUploadLock,
    readFiles,
    packScan,
    uploadScan,
    follow: (jobId, options) => followJob(api, jobId, surroundings, options),
  })
  showResults(session, scene)
  return {
    address,
    session,
    jobs: new JobsList(api, userId),
    tasks,
    scene,
    camera: new CameraRequests(),
  }
}

/** The scene holds the structures of the job that is shown, before anybody draws them. */
export function showResults(session: Session, scene: SceneStore): void {
  let shown: string | null = null
  session.store.subscribe((state) => {
    if (state.name !== 'over' || state.job.status !== 'completed') return
    if (state.job.jobId === shown) return
    shown = state.job.jobId
    scene.getState().show(state.job.structures)
  })
}
