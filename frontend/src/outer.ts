/** What lies around everything else: at first it is not shown, or it would be all that one sees. */

import type { Structure } from './api'

/** Names of the structures to show at first; all of them, if there is nothing inside. */
export function shownAtFirst(structures: readonly Structure[]): Set<string> {
  const inner = structures.filter(({ encloses }) => !encloses)
  return new Set((inner.length > 0 ? inner : structures).map(({ name }) => name))
}
