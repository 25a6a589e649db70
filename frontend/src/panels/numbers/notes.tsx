import { useTranslation } from 'react-i18next'

import type { Structure } from '../../api/types'

/** Explains each sign of the table that occurs in it. */
export function Notes({ structures }: { structures: readonly Structure[] }) {
  const { t } = useTranslation('numbers')
  const occurring = {
    truncated: structures.some(({ truncated }) => truncated),
    noDensity: structures.some(({ mean_hu }) => mean_hu === null),
    noMesh: structures.some(({ mesh }) => mesh === null),
    volume: structures.length > 0,
  }
  const notes = (['truncated', 'noDensity', 'noMesh', 'volume'] as const).filter(
    (note) => occurring[note],
  )
  return (
    <ul className="flex max-w-prose flex-col gap-1 p-3 text-xs text-muted">
      {notes.map((note) => (
        <li key={note}>{t(`notes.${note}`)}</li>
      ))}
    </ul>
  )
}
