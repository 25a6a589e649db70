import { useEffect, useRef, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'

import { useNames } from '../../i18n/use_names'
import type { CameraRequests } from '../../session/camera'
import type { SceneStore } from '../../session/scene'
import { lengthText, MeasureLine } from '../measure_line'
import { CrosshairMark, MeasureMarks } from '../pane_overlay'
import { PaneTitle } from '../slices/slice_pane'
import type { Viewer } from '../viewer'
import { OrientationCube } from './orientation_cube'
import { listenToPointer } from './space_gestures'
import { SpaceMarks } from './space_overlay'

interface SpacePaneProps {
  viewer: Viewer
  scene: SceneStore
  camera: CameraRequests
  hasOthers: boolean
  /** Above the picture: progress, problems. */
  children: ReactNode
}

const HOVER_RIGHT_PIXELS = 14

export function SpacePane({ viewer, scene, camera, hasOthers, children }: SpacePaneProps) {
  const { t, i18n } = useTranslation('viewer')
  const names = useNames()
  const light = useStore(scene, (state) => state.background === 'light')
  const surface = useRef<HTMLDivElement>(null)
  const crosshair = useRef<HTMLDivElement>(null)
  const marks = useRef<HTMLDivElement>(null)
  const cube = useRef<HTMLDivElement>(null)
  const hovered = useRef<HTMLDivElement>(null)

  useEffect(() => {
    if (!surface.current || !crosshair.current || !marks.current) return
    if (!cube.current) return
    const line = new MeasureLine(marks.current, (a, b) =>
      t('distance', { mm: lengthText(a, b, i18n.language) }),
    )
    const elements = { crosshair: crosshair.current, cube: cube.current }
    const detach = viewer.space.attach(surface.current, new SpaceMarks(elements, line, scene))
    const stopListening = listenToPointer(surface.current, viewer.space, scene, (hit, { x, y }) => {
      const tip = hovered.current
      if (tip === null) return
      const structure = scene.getState().structures.find(({ name }) => name === hit?.name)
      tip.hidden = structure === undefined
      if (structure === undefined) return
      tip.textContent = names.structure(structure)
      tip.style.transform = `translate(${x + HOVER_RIGHT_PIXELS}px, ${y}px)`
    })
    return () => {
      stopListening()
      detach()
    }
  }, [viewer, scene, names, t, i18n.language])

  return (
    <section
      aria-label={t('panes.3d')}
      data-pane="3d"
      data-theme={light ? 'light' : 'dark'}
      className="relative min-h-0 min-w-0 overflow-hidden border border-line text-ink"
    >
      <div
        ref={surface}
        role="application"
        tabIndex={0}
        aria-label={t('view3d')}
        data-scope="view3d"
        className="absolute inset-0 touch-none focus-visible:outline-2 focus-visible:-outline-offset-2 focus-visible:outline-focus"
      />
      <CrosshairMark ref={crosshair} />
      <MeasureMarks ref={marks} />
      <div
        ref={hovered}
        hidden
        data-hovered
        className="pointer-events-none absolute top-0 left-0 rounded bg-surface/90 px-1.5 py-0.5 text-xs font-medium text-ink shadow"
      />
      <PaneTitle scene={scene} name={t('panes.3d')} layout="3d" hasOthers={hasOthers} />
      <OrientationCube camera={camera} ref={cube} />
      {children}
    </section>
  )
}
