/** The page: a file, its job, what was found. The job's id stands in the address, so a link finds it. */

import './style.css'
import { cancelJob, process, type Job } from './api'
import { followJob } from './follow'
import { shownAtFirst } from './outer'
import { fileList, structureTable } from './result'
import { describeStage } from './stage'
import { uploadScan } from './upload'
import type { Viewer } from './viewer'

const STATES: Record<string, string> = {
  awaiting_upload: 'Waiting for the scan',
  uploaded: 'The scan has arrived',
  completed: 'Done',
  failed: 'Failed',
  cancelled: 'Cancelled',
  deleted: 'Deleted',
}

function element<Kind extends HTMLElement>(id: string): Kind {
  return document.getElementById(id) as Kind
}

const form = element<HTMLFormElement>('upload')
const input = element<HTMLInputElement>('scan')
const submit = element<HTMLButtonElement>('submit')
const progress = element<HTMLProgressElement>('progress')
const cancel = element<HTMLButtonElement>('cancel')
let viewer: Viewer | null = null

function say(text: string, kind: 'info' | 'error' = 'info'): void {
  const status = element('status')
  status.textContent = text
  status.dataset['kind'] = kind
}

/** A name for this browser's jobs while sign-in is off; it says nothing about the person. */
function userId(): string {
  const known = localStorage.getItem('userId')
  if (known !== null) return known
  const made = `browser-${crypto.randomUUID()}`
  localStorage.setItem('userId', made)
  return made
}

function describe(job: Job): string {
  if (job.status === 'failed' && job.error) return `${job.error.message} ${job.error.hint}`
  if (job.status !== 'processing') return `${STATES[job.status]}: ${job.filename}`
  return describeStage(job)
}

function showJob(job: Job): void {
  say(describe(job), job.status === 'failed' ? 'error' : 'info')
  progress.value = job.progress ?? 0
  cancel.hidden = job.status !== 'processing'
  const warnings = element('warnings')
  warnings.hidden = job.warnings.length === 0
  warnings.replaceChildren(
    ...job.warnings.map(({ message }) => {
      const entry = document.createElement('li')
      entry.textContent = message
      return entry
    }),
  )
  const engine = element('engine')
  engine.hidden = job.engine === null
  if (job.engine) {
    engine.textContent = `Engine: ${job.engine.name} ${job.engine.version}. ${job.engine.limits}`
  }
}

/** Nothing of the job before may stand beside the next one. */
function clearResult(): void {
  for (const id of ['warnings', 'engine']) element(id).hidden = true
  for (const id of ['structures', 'files']) element(id).replaceChildren()
  delete element('viewer').dataset['loaded']
  element('view-hint').textContent = 'The structures will appear here.'
  viewer?.clear()
}

async function showResult(job: Job): Promise<void> {
  const shown = shownAtFirst(job.structures)
  const toggle = (name: string, visible: boolean): void => viewer?.setVisible(name, visible)
  element('structures').replaceChildren(structureTable(job.structures, shown, toggle))
  element('files').replaceChildren(...fileList(job))
  const model = job.artifacts.find((artifact) => artifact.name === 'model.web.glb')
  if (model === undefined) return
  if (viewer === null) {
    const { Viewer } = await import('./viewer') // most of the page's bytes, and not needed before
    viewer = new Viewer(element('viewer'))
  }
  await viewer.load(model.url, shown)
  element('view-hint').textContent =
    'At first seen from the front, the patient’s right on the left. Drag to turn, scroll to zoom.'
  element('viewer').dataset['loaded'] = job.jobId
}

async function follow(jobId: string): Promise<void> {
  cancel.onclick = () => void cancelJob(jobId).catch(complain)
  const job = await followJob(jobId, showJob)
  if (job.status === 'completed') await showResult(job)
}

async function segment(file: File): Promise<void> {
  say('Sending the scan')
  history.pushState(null, '', location.pathname)
  const jobId = await uploadScan(file, userId(), (share) => (progress.value = share))
  history.replaceState(null, '', `#${jobId}`)
  await process(jobId)
  await follow(jobId)
}

function complain(error: unknown): void {
  say(error instanceof Error ? error.message : String(error), 'error')
}

/** One job at a time. */
async function run(action: () => Promise<void>): Promise<void> {
  clearResult()
  progress.value = 0
  element('running').hidden = false
  submit.disabled = true
  try {
    await action()
  } catch (error) {
    complain(error)
  } finally {
    cancel.hidden = true
    element('running').hidden = true
    submit.disabled = false
  }
}

form.addEventListener('submit', (event) => {
  event.preventDefault()
  const file = input.files?.[0]
  if (file) void run(() => segment(file))
})
addEventListener('hashchange', () => location.reload()) // another job's link, or "back"

const linked = location.hash.slice(1)
if (linked) void run(() => follow(linked))
else clearResult()
