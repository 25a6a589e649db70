import { Scissors } from 'lucide-react'
import { memo, useEffect, useId, useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'

import type { Structure } from '../../api/types'
import { formatQuantity } from '../../i18n/formats'
import { useNames } from '../../i18n/use_names'
import type { CameraRequests } from '../../session/camera'
import { isShown, type SceneStore } from '../../session/scene'
import { classNames } from '../../ui/class_names'
import { EyeButton, FitButton, OpacitySlider, SoloButton } from './row_parts'
import { rowOf, type Tree } from './tree_state'

interface StructureRowProps {
  scene: SceneStore
  camera: CameraRequests
  tree: Tree
  structure: Structure
  /** Within its group, from 1. */
  position: number
  groupSize: number
}

/** One structure. It listens to its own part of the scene, and nothing above it does. */
export const StructureRow = memo(function StructureRow({
  scene,
  camera,
  tree,
  structure,
  position,
  groupSize,
}: StructureRowProps) {
  const { name } = structure
  const names = useNames()
  const shown = useStore(scene, (state) => isShown(state, name))
  const selected = useStore(scene, (state) => state.selected === name)
  const hovered = useStore(scene, (state) => state.hovered === name)
  const active = useStore(tree, (state) => state.active === rowOf.structure(name))
  const row = useRef<HTMLDivElement>(null)
  const nameId = useId()
  const detailId = useId()
  const detailIds = { label: `${detailId}label`, value: `${detailId}value` }
  const cutOffId = useId()
  const own = useMemo(() => [name], [name])

  useEffect(() => {
    if (selected) row.current?.scrollIntoView({ block: 'nearest' })
  }, [selected])

  const label = names.structure(structure)
  const subject = { scene, names: own, label, reachable: active }
  return (
    <div
      ref={row}
      role="treeitem"
      aria-level={2}
      aria-posinset={position}
      aria-setsize={groupSize}
      aria-labelledby={selected ? [nameId, detailIds.label, detailIds.value].join(' ') : nameId}
      aria-describedby={structure.truncated ? cutOffId : undefined}
      aria-checked={shown}
      aria-selected={selected}
      tabIndex={active ? 0 : -1}
      data-row={rowOf.structure(name)}
      data-structure={name}
      data-label={label}
      className={classNames(
        'scroll-mt-10 rounded-md border-s-2 border-transparent ps-3 pe-1 focus-visible:outline-2 focus-visible:-outline-offset-2 focus-visible:outline-focus',
        (hovered || selected) && 'bg-raised',
        selected && 'border-accent',
      )}
      onPointerEnter={() => scene.getState().hover(name)}
      onPointerLeave={() => scene.getState().hover(null)}
    >
      <div className="flex min-h-8 items-center gap-2">
        <EyeButton {...subject} />
        <span
          id={nameId}
          className={classNames(
            'flex min-w-0 grow cursor-pointer items-center gap-2 self-stretch text-sm',
            !shown && 'text-muted',
          )}
          onClick={() => scene.getState().select(name)}
          onDoubleClick={() => camera.ask({ kind: 'fit', names: own })}
        >
          <Swatch structure={structure} shown={shown} />
          {/* Wrapped, never cut: the side often comes last. */}
          <span className="grow py-1 leading-snug">{label}</span> <Volume structure={structure} />
        </span>
        {structure.truncated && <CutOff id={cutOffId} />}
        <SoloButton {...subject} />
      </div>
      {/* A blank, so that the row is called exactly as it is written. */}{' '}
      {selected && (
        <div className="flex items-center gap-1 pb-1 ps-9">
          {structure.mesh === null ? (
            <NoMesh id={detailIds.label} />
          ) : (
            <>
              <OpacitySlider {...subject} ids={detailIds} />
              <FitButton {...subject} camera={camera} />
            </>
          )}
        </div>
      )}
    </div>
  )
})

function Swatch({ structure, shown }: { structure: Structure; shown: boolean }) {
  return (
    <span
      aria-hidden
      className="size-3 shrink-0 rounded-sm border border-control"
      style={{
        backgroundColor: shown ? `rgb(${structure.color_rgb.join(' ')})` : 'transparent',
      }}
    />
  )
}

function Volume({ structure }: { structure: Structure }) {
  const { t } = useTranslation('structures')
  const { language } = useNames()
  const value = formatQuantity(structure.volume_ml, language)
  const volume = t('volume', { value })
  if (!structure.truncated) {
    return <span className="shrink-0 text-xs text-muted tabular-nums">{volume}</span>
  }
  return (
    <span
      title={t('cutOff')}
      className="flex shrink-0 items-center gap-1 text-xs text-muted tabular-nums"
    >
      <Scissors aria-hidden className="size-3" />
      <span>{`≥ ${volume}`}</span>
    </span>
  )
}

/** Beside the name and no part of it, which is exactly what is written. */
function CutOff({ id }: { id: string }) {
  const { t } = useTranslation('structures')
  return (
    <span id={id} className="sr-only">
      {t('cutOff')}
    </span>
  )
}

function NoMesh({ id }: { id: string }) {
  const { t } = useTranslation('structures')
  return (
    <p id={id} className="text-xs text-muted">
      {t('noMesh')}
    </p>
  )
}
