/** The page's own viewer with a job's files: `?job=` is where the job is, `?layout=` what is shown. */

import { act } from './pictures' // before anything draws

import { createRoot } from 'react-dom/client'

import type { Job } from '../src/api/types'
import { startTexts } from '../src/i18n/language'
import { CameraRequests } from '../src/session/camera'
import { createScene, isShown, type Layout } from '../src/session/scene'
import type { Vec3 } from '../src/session/vector'
import '../src/style.css'
import Workspace from '../src/viewer/Workspace'

const query = new URLSearchParams(location.search)
const answer = await fetch(query.get('job') ?? '/data/job.json')
const job = (await answer.json()) as Job // made by the script
startTexts()
const scene = createScene()
scene.getState().show(job.structures)
scene.getState().set({ layout: (query.get('layout') ?? 'grid') as Layout })

const { setVisible, set, moveCrosshair } = scene.getState()
Object.assign(window, {
  toggle: (index: number) => {
    const name = job.structures[index]?.name
    if (name === undefined) throw new Error(`there is no structure ${index}`)
    act(() => setVisible([name], !isShown(scene.getState(), name)))
  },
  setOverlayOpacity: (overlayOpacity: number) => act(() => set({ overlayOpacity })),
  setWindowCentre: (centre: number) => act(() => set({ window: { centre, width: 400 } })),
  moveCrosshair: (pointRasMm: Vec3) => act(() => moveCrosshair(pointRasMm)),
})

const root = document.getElementById('root')
if (root === null) throw new Error('no root')
createRoot(root).render(<Workspace scene={scene} camera={new CameraRequests()} job={job} />)
