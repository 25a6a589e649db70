/** What lies around everything else: at first it is not shown, or it would be all that one sees. */

import type { Structure } from './api'

const OUTER_SYSTEMS: readonly string[] = ['integumentary', 'soft_tissue']
const OUTER_NAMES: readonly string[] = [
  'body',
  'body_extremities',
  'body_trunc',
  'intermuscular_fat',
  'muscle',
  'skeletal_muscle',
  'torso_fat',
]

/** Names of the structures to show at first; all of them, if there is nothing inside. */
export function shownAtFirst(structures: readonly Structure[]): Set<string> {
  const inner = structures.filter(
    ({ name, body_system }) => !OUTER_SYSTEMS.includes(body_system) && !OUTER_NAMES.includes(name),
  )
  return new Set((inner.length > 0 ? inner : structures).map(({ name }) => name))
}
