import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'

import { useNames } from '../i18n/use_names'
import type { SceneStore } from '../session/scene'
import type { Viewer } from './viewer'
import type { Volume } from './volume/volume'

/** Where the crosshair is, the scan's value there, and the structure. */
export function CrosshairReading({
  viewer,
  scene,
  volume,
}: {
  viewer: Viewer
  scene: SceneStore
  volume: Volume
}) {
  const { t, i18n } = useTranslation('viewer')
  const names = useNames()
  const crosshair = useStore(scene, (state) => state.crosshairRasMm)
  if (crosshair === null) return null
  const number = new Intl.NumberFormat(i18n.language, {
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  })
  const hu = volume.huAt(crosshair)
  const structure = viewer.structureAt(crosshair)
  const [x, y, z] = crosshair
  const along = (letter: 'R' | 'L' | 'A' | 'P' | 'S' | 'I', mm: number) =>
    `${t(`letters.${letter}`)} ${number.format(Math.abs(mm))}`
  return (
    <div
      data-reading
      data-hu={hu ?? ''}
      data-structure={structure?.name ?? ''}
      className="flex min-h-7 flex-wrap items-center gap-x-4 border-t border-line bg-surface px-3 py-1 text-xs text-muted tabular-nums"
    >
      <span>
        {along(x >= 0 ? 'R' : 'L', x)} · {along(y >= 0 ? 'A' : 'P', y)} ·{' '}
        {along(z >= 0 ? 'S' : 'I', z)} mm
      </span>
      <span className="text-ink">
        {hu === null ? t('reading.outside') : t('reading.hu', { value: hu })}
      </span>
      <span className="flex items-center gap-1.5 text-ink">
        {structure !== null && (
          <span
            aria-hidden
            className="size-2.5 rounded-full"
            style={{ background: `rgb(${structure.color_rgb.join(' ')})` }}
          />
        )}
        {structure === null ? t('reading.none') : names.structure(structure)}
      </span>
    </div>
  )
}
