/** All texts, one namespace an area. */

import { about } from './texts/about'
import { words } from './texts/words'
import { files } from './texts/files'
import { help } from './texts/help'
import { jobs } from './texts/jobs'
import { numbers } from './texts/numbers'
import { page } from './texts/page'
import { process } from './texts/process'
import { progress } from './texts/progress'
import { start } from './texts/start'
import { structures } from './texts/structures'
import { viewer } from './texts/viewer_texts'

const AREAS = {
  about,
  words,
  files,
  help,
  jobs,
  numbers,
  page,
  process,
  progress,
  start,
  structures,
  viewer,
}

type Areas = typeof AREAS
export type English = { [Area in keyof Areas]: Areas[Area]['en'] }

export const NAMESPACES = Object.keys(AREAS) as (keyof Areas)[]

/** i18next's resources of one language. */
export function resourcesOf(language: 'en' | 'es'): Record<string, object> {
  return Object.fromEntries(Object.entries(AREAS).map(([area, both]) => [area, both[language]]))
}
