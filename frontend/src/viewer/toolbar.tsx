import { Box, Camera, Grid2x2, Layers, Maximize, MousePointer2, Ruler } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'

import type { CameraRequests } from '../session/camera'
import { WINDOWS, type Layout, type SceneStore } from '../session/scene'
import { IconButton } from '../ui/button'
import { Segmented } from '../ui/segmented'
import { possibleLayout } from './panes'
import { nameOfWindow, WINDOW_NAMES } from './slices/window_level'
import { AppearanceMenu, ClippingMenu, OverlayMenu } from './toolbar_menus'
import type { Viewer } from './viewer'
import type { Volume } from './volume/volume'

interface ToolbarProps {
  scene: SceneStore
  camera: CameraRequests
  viewer: Viewer | null
  volume: Volume | null
  narrow: boolean
  hasSlices: boolean
}

export function Toolbar({ scene, camera, viewer, volume, narrow, hasSlices }: ToolbarProps) {
  const { t } = useTranslation('viewer')
  const slicesIn3d = useStore(scene, (state) => state.slicesIn3d)
  return (
    <div
      role="group"
      aria-label={t('toolbar')}
      className="flex shrink-0 flex-wrap items-center gap-1.5 border-b border-line bg-surface px-2 py-1"
    >
      {hasSlices && <LayoutChoice scene={scene} narrow={narrow} />}
      <ToolChoice scene={scene} />
      {hasSlices && (
        <>
          <WindowChoice scene={scene} />
          <OverlayMenu scene={scene} />
          <IconButton
            label={t('slicesIn3d')}
            aria-pressed={slicesIn3d}
            disabled={volume === null}
            className="shrink-0"
            onClick={() => scene.getState().set({ slicesIn3d: !slicesIn3d })}
          >
            <Layers />
          </IconButton>
        </>
      )}
      <ClippingMenu scene={scene} viewer={viewer} />
      <AppearanceMenu scene={scene} />
      <MeasureHint scene={scene} />
      <IconButton
        label={t('fitAll')}
        className="shrink-0"
        onClick={() => camera.ask({ kind: 'fit' })}
      >
        <Maximize />
      </IconButton>
      <IconButton
        label={t('screenshot')}
        className="shrink-0"
        onClick={() => camera.ask({ kind: 'screenshot' })}
      >
        <Camera />
      </IconButton>
    </div>
  )
}

function LayoutChoice({ scene, narrow }: { scene: SceneStore; narrow: boolean }) {
  const { t } = useTranslation('viewer')
  const layout = possibleLayout(
    useStore(scene, (state) => state.layout),
    narrow,
    true,
  )
  const plane = (name: 'axial' | 'coronal' | 'sagittal') => ({
    name,
    label: t(`layouts.${name}`),
    icon: <span>{t(`panes.${name}`)}</span>,
  })
  return (
    <Segmented<Layout>
      label={t('layouts.title')}
      value={layout}
      onChange={(name) => scene.getState().set({ layout: name })}
      options={[
        ...(narrow ? [] : [{ name: 'grid' as const, label: t('layouts.grid'), icon: <Grid2x2 /> }]),
        {
          name: '3d' as const,
          label: t('layouts.3d'),
          icon: narrow ? <span>{t('panes.3d')}</span> : <Box />,
        },
        plane('axial'),
        plane('coronal'),
        plane('sagittal'),
      ]}
    />
  )
}

function ToolChoice({ scene }: { scene: SceneStore }) {
  const { t } = useTranslation('viewer')
  const tool = useStore(scene, (state) => state.tool)
  return (
    <Segmented
      label={t('tools.title')}
      value={tool}
      onChange={(name) => scene.getState().setTool(name)}
      options={[
        { name: 'navigate', label: t('tools.navigate'), icon: <MousePointer2 /> },
        { name: 'measure', label: t('tools.measure'), icon: <Ruler /> },
      ]}
    />
  )
}

function MeasureHint({ scene }: { scene: SceneStore }) {
  const { t } = useTranslation('viewer')
  const measuring = useStore(scene, (state) => state.tool === 'measure')
  return (
    // As wide as what is left over: a hint that wraps the tools would move every pane.
    <span role="status" className="w-0 min-w-0 grow truncate text-end text-xs text-muted">
      {measuring ? t('measureHint') : ''}
    </span>
  )
}

function WindowChoice({ scene }: { scene: SceneStore }) {
  const { t } = useTranslation('viewer')
  const current = useStore(scene, (state) => nameOfWindow(state.window))
  return (
    <select
      aria-label={t('window.title')}
      data-window-choice
      value={current ?? 'own'}
      onChange={({ target }) => {
        const name = WINDOW_NAMES.find((each) => each === target.value)
        if (name !== undefined) scene.getState().set({ window: WINDOWS[name] })
      }}
      className="h-8 shrink-0 rounded-md border border-line bg-surface px-2 text-xs text-ink focus-visible:outline-2 focus-visible:outline-focus"
    >
      {WINDOW_NAMES.map((name) => (
        <option key={name} value={name}>
          {t(`window.${name}`)}
        </option>
      ))}
      {current === null && <option value="own">{t('window.own')}</option>}
    </select>
  )
}
