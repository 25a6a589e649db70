/** The table of numbers for other programs. */

import type { Structure } from '../../api/types'
import type { numbers } from '../../i18n/texts/numbers'
import type { Names } from '../../i18n/use_names'
import type { Cell } from './delimited'

type Header = Readonly<Record<keyof typeof numbers.en.header, string>>

/** Header and one row a structure, numbers as they came; cells without a number are empty. */
export function tableRows(
  structures: readonly Structure[],
  names: Names,
  header: Header,
): readonly (readonly Cell[])[] {
  return [
    [
      header.name,
      header.label,
      header.system,
      header.volume,
      header.meanHu,
      header.sdHu,
      header.surface,
      header.triangles,
      header.truncated,
    ],
    ...structures.map((structure) => [
      structure.name,
      names.structure(structure),
      names.bodySystem(structure.body_system),
      structure.volume_ml,
      structure.mean_hu,
      structure.sd_hu,
      structure.mesh?.surface_cm2 ?? null,
      structure.mesh?.triangles ?? null,
      structure.truncated ? header.yes : header.no,
    ]),
  ]
}
