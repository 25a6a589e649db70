import { Maximize2, Minimize2 } from 'lucide-react'
import { useEffect, useRef, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'

import type { Plane, SceneStore } from '../../session/scene'
import { IconButton } from '../../ui/button'
import { Slider } from '../../ui/slider'
import { lengthText, MeasureLine } from '../measure_line'
import { CrosshairLines, MeasureMarks, ON_PICTURE } from '../pane_overlay'
import type { Viewer } from '../viewer'
import type { Volume } from '../volume/volume'
import { edgeLetters, PLANE_FRAMES, withCoordinate } from './planes'
import { listenToGestures } from './slice_gestures'
import { SliceLines } from './slice_overlay'

interface SlicePaneProps {
  viewer: Viewer
  scene: SceneStore
  plane: Plane
  volume: Volume | null
  hasOthers: boolean
  /** Above the picture: progress, problems. */
  children: ReactNode
}

export function SlicePane({ viewer, scene, plane, volume, hasOthers, children }: SlicePaneProps) {
  const { t, i18n } = useTranslation('viewer')
  const name = t(`panes.${plane}`)
  const surface = useRef<HTMLDivElement>(null)
  const crosshair = useRef<HTMLDivElement>(null)
  const marks = useRef<HTMLDivElement>(null)
  const bar = useRef<HTMLDivElement>(null)
  const barLabel = useRef<HTMLSpanElement>(null)

  useEffect(() => {
    const view = viewer.slices[plane]
    if (!surface.current || !crosshair.current || !marks.current) return
    if (!bar.current || !barLabel.current) return
    const line = new MeasureLine(marks.current, (a, b) =>
      t('distance', { mm: lengthText(a, b, i18n.language) }),
    )
    const elements = { crosshair: crosshair.current, bar: bar.current, barLabel: barLabel.current }
    const detach = view.attach(surface.current, new SliceLines(elements, line, scene))
    const stopListening = listenToGestures(surface.current, view, scene, (point) =>
      scene.getState().select(viewer.structureAt(view.toRasMm(point))?.name ?? null),
    )
    return () => {
      stopListening()
      detach()
    }
  }, [viewer, plane, scene, t, i18n.language])

  return (
    <section
      aria-label={name}
      data-pane={plane}
      data-theme="dark"
      className="group relative min-h-0 min-w-0 overflow-hidden border border-line text-ink"
    >
      <div
        ref={surface}
        role="application"
        tabIndex={0}
        aria-label={t('slice', { plane: name })}
        data-scope="slice"
        data-plane={plane}
        className="absolute inset-0 cursor-crosshair touch-none focus-visible:outline-2 focus-visible:-outline-offset-2 focus-visible:outline-focus"
      />
      <CrosshairLines ref={crosshair} />
      <MeasureMarks ref={marks} />
      <Letters plane={plane} />
      <PaneTitle scene={scene} name={name} layout={plane} hasOthers={hasOthers} />
      <WindowValues scene={scene} />
      <div className="pointer-events-none absolute right-2 bottom-9 flex flex-col items-end text-[11px] text-ink">
        <span ref={barLabel} data-scale-label className={ON_PICTURE} />
        <div ref={bar} className="h-1.5 border-x border-b border-ink" />
      </div>
      {volume !== null && (
        <Position scene={scene} plane={plane} volume={volume} viewer={viewer} name={name} />
      )}
      {children}
    </section>
  )
}

/** Where the edges are in the patient. */
function Letters({ plane }: { plane: Plane }) {
  const { t } = useTranslation('viewer')
  const letters = edgeLetters(plane)
  const places = {
    left: 'left-1.5 top-1/2 -translate-y-1/2',
    right: 'right-1.5 top-1/2 -translate-y-1/2',
    top: 'top-1 left-1/2 -translate-x-1/2',
    bottom: 'bottom-8 left-1/2 -translate-x-1/2',
  } as const
  return (
    <>
      {(['left', 'right', 'top', 'bottom'] as const).map((edge) => (
        <span
          key={edge}
          data-edge={edge}
          className={`${ON_PICTURE} pointer-events-none absolute text-sm font-semibold text-accent-ink ${places[edge]}`}
        >
          {t(`letters.${letters[edge]}`)}
        </span>
      ))}
    </>
  )
}

export function PaneTitle({
  scene,
  name,
  layout,
  hasOthers,
}: {
  scene: SceneStore
  name: string
  layout: Plane | '3d'
  /** There is a layout with other panes to go to. */
  hasOthers: boolean
}) {
  const { t } = useTranslation('viewer')
  const alone = useStore(scene, (state) => state.layout === layout)
  return (
    <div className="absolute top-1 left-1 flex items-center gap-1">
      {hasOthers && (
        <IconButton
          label={alone ? t('reduce') : t('enlarge', { pane: name })}
          className="size-7 bg-surface/50"
          onClick={() => scene.getState().set({ layout: alone ? 'grid' : layout })}
        >
          {alone ? <Minimize2 /> : <Maximize2 />}
        </IconButton>
      )}
      <h2 className={`${ON_PICTURE} pointer-events-none text-xs font-medium text-ink`}>{name}</h2>
    </div>
  )
}

function WindowValues({ scene }: { scene: SceneStore }) {
  const { t } = useTranslation('viewer')
  const { centre, width } = useStore(scene, (state) => state.window)
  return (
    <span
      data-window={`${centre} ${width}`}
      className={`${ON_PICTURE} pointer-events-none absolute top-2 right-2 text-[11px] text-ink tabular-nums`}
    >
      {t('window.values', { centre, width })}
    </span>
  )
}

function Position({
  scene,
  plane,
  volume,
  viewer,
  name,
}: {
  scene: SceneStore
  plane: Plane
  volume: Volume
  viewer: Viewer
  name: string
}) {
  const { t, i18n } = useTranslation('viewer')
  const { axis } = PLANE_FRAMES[plane]
  const [low, high] = [volume.bounds.low[axis], volume.bounds.high[axis]]
  const positionMm = useStore(scene, (state) => state.crosshairRasMm?.[axis] ?? low)
  const mm = new Intl.NumberFormat(i18n.language, { maximumFractionDigits: 1 }).format(positionMm)
  const text = t('positionMm', { mm })
  return (
    <div className="absolute inset-x-2 bottom-1 flex items-center gap-2">
      <Slider
        label={t('position', { plane: name })}
        valueText={text}
        value={positionMm}
        min={low}
        max={high}
        step={volume.stepMm(axis)}
        onChange={(mmNow) => {
          const crosshair = scene.getState().crosshairRasMm ?? volume.centre()
          viewer.slices[plane].moveCrosshair(withCoordinate(crosshair, axis, mmNow))
        }}
      />
      <output
        data-position-mm={positionMm.toFixed(2)}
        className={`${ON_PICTURE} w-16 shrink-0 text-end text-[11px] tabular-nums`}
      >
        {text}
      </output>
    </div>
  )
}
