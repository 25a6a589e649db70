/** The columns of the table of numbers: what they hold, and how they are sorted. */

import type { Structure } from '../../api/types'

export const COLUMNS = ['name', 'volume', 'meanHu', 'surface', 'triangles', 'truncated'] as const
export type Column = (typeof COLUMNS)[number]

export interface Sorting {
  column: Column
  descending: boolean
}

/** Null where there is no number. */
const NUMBER: Readonly<Record<Exclude<Column, 'name'>, (structure: Structure) => number | null>> = {
  volume: ({ volume_ml }) => volume_ml,
  meanHu: ({ mean_hu }) => mean_hu,
  surface: ({ mesh }) => mesh?.surface_cm2 ?? null,
  triangles: ({ mesh }) => mesh?.triangles ?? null,
  truncated: ({ truncated }) => Number(truncated),
}

/** The next sorting when a column's header is pressed: numbers begin with the largest one. */
export function pressed(column: Column, { column: current, descending }: Sorting): Sorting {
  if (column === current) return { column, descending: !descending }
  return { column, descending: column !== 'name' }
}

/** What has no number comes last, whichever way the others are sorted; names break ties. */
export function sorted(
  structures: readonly Structure[],
  { column, descending }: Sorting,
  nameOf: (structure: Structure) => string,
  language: string,
): Structure[] {
  const collator = new Intl.Collator(language, { numeric: true })
  const byName = (one: Structure, other: Structure) => collator.compare(nameOf(one), nameOf(other))
  const direction = descending ? -1 : 1
  return [...structures].sort((one, other) => {
    if (column === 'name') return direction * byName(one, other)
    const [a, b] = [NUMBER[column](one), NUMBER[column](other)]
    if (a === null || b === null)
      return Number(a === null) - Number(b === null) || byName(one, other)
    return direction * (a - b) || byName(one, other)
  })
}
