import type { ReactNode } from 'react'
import { useStore } from 'zustand'

import type { CameraRequests } from '../session/camera'
import type { Layout, SceneStore } from '../session/scene'
import { PLANES } from './slices/planes'
import { SlicePane } from './slices/slice_pane'
import { SpacePane } from './space/space_pane'
import type { Viewer } from './viewer'
import type { Volume } from './volume/volume'

interface PanesProps {
  viewer: Viewer
  scene: SceneStore
  camera: CameraRequests
  volume: Volume | null
  /** Room for one pane only. */
  narrow: boolean
  hasSlices: boolean
  notes: { space: ReactNode; slice: ReactNode }
}

/** The layout that can be shown: one pane where there is no room or nothing else to see. */
export function possibleLayout(layout: Layout, narrow: boolean, hasSlices: boolean): Layout {
  if (!hasSlices) return '3d'
  return narrow && layout === 'grid' ? '3d' : layout
}

export function Panes({ viewer, scene, camera, volume, narrow, hasSlices, notes }: PanesProps) {
  const wished = useStore(scene, (state) => state.layout)
  const layout = possibleLayout(wished, narrow, hasSlices)
  const hasOthers = hasSlices && !narrow
  const space = (
    <SpacePane key="3d" viewer={viewer} scene={scene} camera={camera} hasOthers={hasOthers}>
      {notes.space}
    </SpacePane>
  )
  const slices = PLANES.filter((plane) => layout === 'grid' || layout === plane).map((plane) => (
    <SlicePane
      key={plane}
      viewer={viewer}
      scene={scene}
      plane={plane}
      volume={volume}
      hasOthers={hasOthers}
    >
      {notes.slice}
    </SlicePane>
  ))
  return (
    <div
      data-layout={layout}
      className={
        layout === 'grid'
          ? 'absolute inset-0 grid grid-cols-2 grid-rows-2'
          : 'absolute inset-0 grid'
      }
    >
      {layout === 'grid'
        ? [slices[0], space, ...slices.slice(1)]
        : layout === '3d'
          ? space
          : slices}
    </div>
  )
}
