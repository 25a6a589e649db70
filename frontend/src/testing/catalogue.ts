/** The tasks that the deployment's engines offer, read from the API's own data. */

import { readFileSync } from 'node:fs'

import type { Task, TaskStructure } from '../api/types'

interface Catalogue {
  engines: Record<string, { tasks: Omit<Task, 'available'>[] }>
}

const CATALOGUE = '../layers/iris_oculus/python/iris_oculus/data/catalogue.json' // from frontend/

export function readCatalogue(): Catalogue {
  return JSON.parse(readFileSync(CATALOGUE, 'utf8')) as Catalogue
}

export function structuresOfTask(engine: string, task: string): TaskStructure[] {
  const found = readCatalogue().engines[engine]?.tasks.find(({ name }) => name === task)
  if (found === undefined) throw new Error(`The catalogue has no task ${task} of ${engine}`)
  return found.structures
}
