import { Blend, FlipHorizontal2, Scissors, SunMedium } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'

import type { Lighting, SceneStore } from '../session/scene'
import { IconButton } from '../ui/button'
import { Checkbox } from '../ui/checkbox'
import { Popover } from '../ui/popover'
import { Segmented } from '../ui/segmented'
import { Slider } from '../ui/slider'
import { BACKGROUNDS } from './commands'
import { CLIP_AXES } from './space/clipping'
import type { Viewer } from './viewer'

const LIGHTINGS = ['headlight', 'studio', 'flat'] as const satisfies Lighting[]

/** How the label map lies over the slices. */
export function OverlayMenu({ scene }: { scene: SceneStore }) {
  const { t } = useTranslation('viewer')
  return (
    <Popover
      label={t('overlay')}
      trigger={
        <IconButton label={t('overlay')} className="shrink-0">
          <Blend />
        </IconButton>
      }
    >
      <OverlaySettings scene={scene} />
    </Popover>
  )
}

function OverlaySettings({ scene }: { scene: SceneStore }) {
  const { t } = useTranslation('viewer')
  const opacity = useStore(scene, (state) => state.overlayOpacity)
  const outline = useStore(scene, (state) => state.outline)
  const percent = t('percent', { value: Math.round(opacity * 100) })
  return (
    <div className="space-y-3">
      <div>
        <div className="flex justify-between">
          <span>{t('overlayOpacity')}</span>
          <span className="text-muted tabular-nums">{percent}</span>
        </div>
        <Slider
          label={t('overlayOpacity')}
          valueText={percent}
          value={opacity}
          min={0}
          max={1}
          step={0.05}
          onChange={(overlayOpacity) => scene.getState().set({ overlayOpacity })}
        />
      </div>
      <Segmented
        label={t('overlay')}
        className="flex"
        value={outline ? 'outline' : 'fill'}
        onChange={(name) => scene.getState().set({ outline: name === 'outline' })}
        options={[
          { name: 'fill', label: t('fill') },
          { name: 'outline', label: t('outline') },
        ]}
      />
    </div>
  )
}

export function AppearanceMenu({ scene }: { scene: SceneStore }) {
  const { t } = useTranslation('viewer')
  return (
    <Popover
      label={t('appearance')}
      trigger={
        <IconButton label={t('appearance')} className="shrink-0">
          <SunMedium />
        </IconButton>
      }
    >
      <AppearanceSettings scene={scene} />
    </Popover>
  )
}

function AppearanceSettings({ scene }: { scene: SceneStore }) {
  const { t } = useTranslation('viewer')
  const background = useStore(scene, (state) => state.background)
  const lighting = useStore(scene, (state) => state.lighting)
  return (
    <div className="space-y-3">
      <div className="space-y-1">
        <p>{t('background.title')}</p>
        <Segmented
          label={t('background.title')}
          className="flex"
          value={background}
          onChange={(name) => scene.getState().set({ background: name })}
          options={BACKGROUNDS.map((name) => ({ name, label: t(`background.${name}`) }))}
        />
      </div>
      <div className="space-y-1">
        <p>{t('lighting.title')}</p>
        <Segmented
          label={t('lighting.title')}
          className="flex"
          value={lighting}
          onChange={(name) => scene.getState().set({ lighting: name })}
          options={LIGHTINGS.map((name) => ({ name, label: t(`lighting.${name}`) }))}
        />
      </div>
    </div>
  )
}

export function ClippingMenu({ scene, viewer }: { scene: SceneStore; viewer: Viewer | null }) {
  const { t } = useTranslation('viewer')
  const isOn = useStore(scene, ({ clips }) => CLIP_AXES.some((axis) => clips[axis].enabled))
  return (
    <Popover
      label={t('clipping.title')}
      trigger={
        <IconButton
          label={t('clipping.title')}
          className={isOn ? 'shrink-0 bg-raised text-accent-ink' : 'shrink-0'}
        >
          <Scissors />
        </IconButton>
      }
    >
      <div className="space-y-3">
        {CLIP_AXES.map((axis) => (
          <ClipSettings key={axis} axis={axis} scene={scene} viewer={viewer} />
        ))}
      </div>
    </Popover>
  )
}

function ClipSettings({
  axis,
  scene,
  viewer,
}: {
  axis: 'x' | 'y' | 'z'
  scene: SceneStore
  viewer: Viewer | null
}) {
  const { t, i18n } = useTranslation('viewer')
  const { enabled, positionMm, flipped } = useStore(scene, (state) => state.clips[axis])
  const [low, high] = viewer?.rangeMm(axis) ?? [-1, 1]
  const name = t(`clipping.${axis}`)
  const mm = new Intl.NumberFormat(i18n.language, { maximumFractionDigits: 0 }).format(positionMm)
  return (
    <div>
      <div className="flex items-center justify-between gap-2">
        <Checkbox
          label={name}
          name={t('clipping.enable', { axis: name })}
          checked={enabled}
          onChange={(isOn) => scene.getState().setClip(axis, { enabled: isOn })}
        />
        <span className="grow text-end text-xs text-muted tabular-nums">
          {enabled ? t('positionMm', { mm }) : ''}
        </span>
        <IconButton
          label={t('clipping.flip', { axis: name })}
          aria-pressed={flipped}
          disabled={!enabled}
          className="size-7"
          onClick={() => scene.getState().setClip(axis, { flipped: !flipped })}
        >
          <FlipHorizontal2 />
        </IconButton>
      </div>
      <Slider
        label={t('clipping.position', { axis: name })}
        valueText={t('positionMm', { mm })}
        value={positionMm}
        min={Math.floor(low)}
        max={Math.ceil(high)}
        step={1}
        disabled={!enabled}
        onChange={(position) => scene.getState().setClip(axis, { positionMm: position })}
      />
    </div>
  )
}
