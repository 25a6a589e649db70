/** The page: a file, its job, what was found. The job's id stands in the address, so a link finds it. */

import './style.css'
import { cancelJob, process, type Job } from './api'
import { followJob } from './follow'
import { uploadScan } from './upload'
import { Viewer } from './viewer'

const STAGES: Record<string, string> = {
  queued: 'Waiting for the segmentation engine',
  loading: 'Reading the scan',
  segmenting: 'Segmenting',
  meshing: 'Making meshes',
  exporting: 'Writing files',
  publishing: 'Storing files',
}

function element<Kind extends HTMLElement>(id: string): Kind {
  return document.getElementById(id) as Kind
}

const form = element<HTMLFormElement>('upload')
const input = element<HTMLInputElement>('scan')
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
  if (job.status !== 'processing') return job.status.replace('_', ' ')
  const steps = job.stageDetail ? ` ${job.stageDetail.done}/${job.stageDetail.total}` : ''
  const left = job.eta_s === null ? '' : `, about ${Math.ceil(job.eta_s)} s left`
  return `${STAGES[job.stage ?? 'queued'] ?? job.stage}${steps}${left}`
}

function showJob(job: Job): void {
  say(describe(job), job.status === 'failed' ? 'error' : 'info')
  progress.value = job.progress ?? 0
  cancel.hidden = job.status !== 'processing'
  const warnings = element('warnings')
  warnings.hidden = job.warnings.length === 0
  warnings.replaceChildren(...job.warnings.map((warning) => item(warning.message)))
  const engine = element('engine')
  engine.hidden = job.engine === null
  if (job.engine) {
    engine.textContent = `Engine: ${job.engine.name} ${job.engine.version}. ${job.engine.limits}`
  }
}

function item(...content: (string | Node)[]): HTMLLIElement {
  const entry = document.createElement('li')
  entry.append(...content)
  return entry
}

function structureTable(job: Job): HTMLTableElement {
  const table = document.createElement('table')
  table.innerHTML =
    '<caption>Structures</caption><thead><tr><th scope="col">Show</th><th scope="col">Structure</th><th scope="col">ml</th><th scope="col">mean HU</th></tr></thead><tbody></tbody>'
  for (const structure of job.structures) {
    const row = table.tBodies[0]!.insertRow()
    const box = document.createElement('input')
    box.type = 'checkbox'
    box.checked = true
    box.setAttribute('aria-label', `Show ${structure.display_name}`)
    box.addEventListener('change', () => viewer?.setVisible(structure.name, box.checked))
    const swatch = document.createElement('span')
    swatch.className = 'swatch'
    swatch.style.background = `rgb(${structure.color_rgb.join(' ')})`
    row.insertCell().append(box)
    row.insertCell().append(swatch, structure.display_name)
    const volume = structure.volume_ml.toFixed(1)
    row.insertCell().append(structure.truncated ? `≥ ${volume}` : volume)
    row.insertCell().append(structure.mean_hu === null ? '–' : structure.mean_hu.toFixed(0))
  }
  return table
}

async function showResult(job: Job): Promise<void> {
  element('structures').replaceChildren(structureTable(job))
  element('files').replaceChildren(
    ...job.artifacts.map((artifact) => {
      const link = document.createElement('a')
      link.href = artifact.url
      link.textContent = artifact.name
      return item(link, ` ${(artifact.size_bytes / 1e6).toFixed(2)} MB`)
    }),
  )
  const model = job.artifacts.find((artifact) => artifact.name === 'model.web.glb')
  if (model === undefined) return
  viewer ??= new Viewer(element('viewer'))
  await viewer.load(model.url)
  element('viewer').dataset['loaded'] = job.jobId
}

async function follow(jobId: string): Promise<void> {
  location.hash = jobId
  progress.hidden = false
  cancel.onclick = () => void run(() => cancelJob(jobId))
  const job = await followJob(jobId, showJob)
  progress.hidden = true
  if (job.status === 'completed') await showResult(job)
}

async function segment(file: File): Promise<void> {
  progress.hidden = false
  say('Sending the scan')
  const jobId = await uploadScan(file, userId(), (share) => (progress.value = share))
  await process(jobId)
  await follow(jobId)
}

async function run(action: () => Promise<unknown>): Promise<void> {
  try {
    await action()
  } catch (error) {
    progress.hidden = true
    say(error instanceof Error ? error.message : String(error), 'error')
  }
}

form.addEventListener('submit', (event) => {
  event.preventDefault()
  const file = input.files?.[0]
  if (file) void run(() => segment(file))
})

const linked = location.hash.slice(1)
if (linked) void run(() => follow(linked))
