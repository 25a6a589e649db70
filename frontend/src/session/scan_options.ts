/** How a scan is to be processed: what suits it unless the user says otherwise. */

import type { ScanOptions, Task } from '../api/types'

/** In the order in which requests name them: the same choice is the same request. */
export const FORMATS: ScanOptions['formats'] = ['glb', 'obj', 'stl', 'ply', 'zip']

export const DEFAULT_OPTIONS: ScanOptions = {
  task: 'total',
  device: 'auto',
  fast: true,
  roi_subset: null,
  reduction_percent: 90,
  formats: ['glb', 'obj', 'stl', 'zip'],
}

/** Tasks of the whole body, the first ones to try. */
const FIRST_CHOICES = ['total', 'total_mr']

/** The task for a scan of this modality; null where no task takes it. */
export function taskFor(tasks: readonly Task[], modality: string | null): Task | null {
  const suitable = tasks.filter((task) => suits(task, modality))
  for (const name of FIRST_CHOICES) {
    const found = suitable.find((task) => task.name === name)
    if (found !== undefined) return found
  }
  return suitable[0] ?? null
}

/** A scan that does not say what it is may be anything. */
export function suits(task: Task, modality: string | null): boolean {
  return modality === null || task.modality === modality
}

/** Another task: structures that it does not have are no longer chosen. */
export function withTask(options: ScanOptions, task: Task): ScanOptions {
  const known = new Set(task.structures.map(({ name }) => name))
  const kept = options.roi_subset?.filter((name) => known.has(name)) ?? null
  return { ...options, task: task.name, roi_subset: kept?.length === 0 ? null : kept }
}

/** The same options if their task runs here and suits the scan, else with one that does. */
export function fitted(
  options: ScanOptions,
  tasks: readonly Task[],
  modality: string | null,
): ScanOptions {
  const chosen = tasks.find(({ name }) => name === options.task)
  if (chosen !== undefined && suits(chosen, modality)) return options
  const task = taskFor(tasks, modality)
  return task === null ? options : withTask(options, task)
}
