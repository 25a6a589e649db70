import { Scissors } from 'lucide-react'
import { memo, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'

import type { Structure } from '../../api/types'
import { formatInteger, formatQuantity } from '../../i18n/formats'
import { useNames } from '../../i18n/use_names'
import type { SceneStore } from '../../session/scene'
import { classNames } from '../../ui/class_names'

interface NumbersRowProps {
  scene: SceneStore
  structure: Structure
}

export const NumbersRow = memo(function NumbersRow({ scene, structure }: NumbersRowProps) {
  const { t } = useTranslation('numbers')
  const names = useNames()
  const { language } = names
  const { name, truncated, mesh } = structure
  const selected = useStore(scene, (state) => state.selected === name)
  const row = useRef<HTMLTableRowElement>(null)

  useEffect(() => {
    if (selected) row.current?.scrollIntoView({ block: 'nearest' })
  }, [selected])

  const label = names.structure(structure)
  const atLeast = truncated && <AtLeast />
  return (
    <tr
      ref={row}
      data-structure={name}
      aria-current={selected}
      className={classNames('cursor-pointer scroll-mt-16 hover:bg-raised', selected && 'bg-raised')}
      onClick={() => scene.getState().select(name)}
      onPointerEnter={() => scene.getState().hover(name)}
      onPointerLeave={() => scene.getState().hover(null)}
    >
      <th
        scope="row"
        className={classNames(
          'sticky start-0 z-10 border-s-2 border-transparent bg-surface py-0 ps-2 text-start font-normal',
          selected && 'border-accent bg-raised',
        )}
      >
        <button
          type="button"
          aria-pressed={selected}
          className="flex min-h-8 min-w-32 cursor-pointer items-center gap-2 py-1 text-start leading-snug focus-visible:outline-2 focus-visible:outline-focus"
        >
          <span
            aria-hidden
            className="size-3 shrink-0 rounded-sm border border-control"
            style={{ backgroundColor: `rgb(${structure.color_rgb.join(' ')})` }}
          />
          {label}
        </button>
      </th>
      <td className={NUMBER}>
        {atLeast}
        {formatQuantity(structure.volume_ml, language)}
      </td>
      <td className={NUMBER}>
        {structure.mean_hu === null ? (
          <Missing reason={t('noDensity')} />
        ) : (
          <>
            {formatInteger(structure.mean_hu, language)}
            {structure.sd_hu !== null && (
              <span className="text-muted"> ± {formatInteger(structure.sd_hu, language)}</span>
            )}
          </>
        )}
      </td>
      <td className={NUMBER}>
        {mesh === null ? (
          <Missing reason={t('noMesh')} />
        ) : (
          <>
            {atLeast}
            {formatQuantity(mesh.surface_cm2, language)}
          </>
        )}
      </td>
      <td className={NUMBER}>
        {mesh === null ? <Missing reason={t('noMesh')} /> : formatInteger(mesh.triangles, language)}
      </td>
      <td className="px-2 text-center">
        {truncated && <Scissors aria-hidden className="mx-auto size-4 text-danger" />}
        <span className="sr-only">{t(truncated ? 'cutOff' : 'notCutOff')}</span>
      </td>
    </tr>
  )
})

const NUMBER = 'px-2 text-end whitespace-nowrap tabular-nums'

function AtLeast() {
  const { t } = useTranslation('numbers')
  return (
    <>
      <span aria-hidden>≥ </span>
      <span className="sr-only">{t('atLeast')} </span>
    </>
  )
}

function Missing({ reason }: { reason: string }) {
  return (
    <span title={reason}>
      <span aria-hidden>–</span>
      <span className="sr-only">{reason}</span>
    </span>
  )
}
