/**
 * The viewer alone, without API and panels, for geometry tests and measurements: Vite serves
 * viewer_harness.html in development, and the built page does not contain it. `?job=` is where a
 * job's JSON is, `?layout=` the layout to begin with.
 */

import { createRoot } from 'react-dom/client'

import type { Job } from '../api/types'
import { startTexts } from '../i18n/language'
import { CameraRequests } from '../session/camera'
import { createScene, type Layout } from '../session/scene'
import '../style.css'
import Workspace from './Workspace'

const query = new URLSearchParams(location.search)
const answer = await fetch(query.get('job') ?? '/job.json')
const job = (await answer.json()) as Job
startTexts()
const scene = createScene()
const camera = new CameraRequests()
scene.getState().show(job.structures)
const layout = query.get('layout')
if (layout !== null) scene.getState().set({ layout: layout as Layout })
document.documentElement.dataset['theme'] = query.get('theme') ?? 'dark'
Object.assign(window, { scene, camera }) // for scripts

const root = document.getElementById('root')
if (root !== null) {
  createRoot(root).render(<Workspace scene={scene} camera={camera} job={job} />)
}
