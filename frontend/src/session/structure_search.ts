/** The search of structures: every word must occur in one of the names, in either language. */

import type { TaskStructure } from '../api/types'
import { bodySystemName, structureName } from '../i18n/structure_names'

type Named = Pick<TaskStructure, 'name' | 'display_name' | 'body_system' | 'snomed_code'>

/** Without case and accents, so that `riñon`, `Riñón` and `rinon` are one. */
export function plain(text: string): string {
  return text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase()
}

const searchable = new WeakMap<Named, string>()

function searchableText(structure: Named): string {
  let text = searchable.get(structure)
  if (text === undefined) {
    const { name, display_name, body_system, snomed_code } = structure
    text = plain(
      [
        display_name,
        structureName(name, 'es', display_name),
        name,
        name.replaceAll('_', ' '),
        bodySystemName(body_system, 'en'),
        bodySystemName(body_system, 'es'),
        snomed_code ?? '',
      ].join('\n'),
    )
    searchable.set(structure, text)
  }
  return text
}

/** Those found; the same list where nothing is looked for. */
export function matching<Structure extends Named>(
  structures: readonly Structure[],
  query: string,
): readonly Structure[] {
  const words = plain(query).split(/\s+/).filter(Boolean)
  if (words.length === 0) return structures
  return structures.filter((structure) => {
    const text = searchableText(structure)
    return words.every((word) => text.includes(word))
  })
}
