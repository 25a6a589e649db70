/** The search of structures: every word must occur in one of the names, in either language. */

import type { Structure } from '../../api/types'
import { bodySystemName, structureName } from '../../i18n/structure_names'

/** Without case and accents, so that `riñon`, `Riñón` and `rinon` are one. */
export function plain(text: string): string {
  return text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase()
}

const searchable = new WeakMap<Structure, string>()

function searchableText(structure: Structure): string {
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

export function matching(structures: readonly Structure[], query: string): readonly Structure[] {
  const words = plain(query).split(/\s+/).filter(Boolean)
  if (words.length === 0) return structures
  return structures.filter((structure) => {
    const text = searchableText(structure)
    return words.every((word) => text.includes(word))
  })
}
