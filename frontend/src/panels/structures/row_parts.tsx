import { Blend, Eye, EyeOff, Focus, Target } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'

import type { CameraRequests } from '../../session/camera'
import type { SceneStore } from '../../session/scene'
import { IconButton } from '../../ui/button'
import { classNames } from '../../ui/class_names'
import { Popover } from '../../ui/popover'
import { Slider } from '../../ui/slider'
import { commonOpacity, eyeOf, isSolo } from './groups'

/** What the buttons of a row act on: one structure, or a group of them. */
export interface RowSubject {
  scene: SceneStore
  names: readonly string[]
  label: string
  /** Tab reaches the buttons of the row that has the focus, not those of a hundred others. */
  reachable: boolean
}

const SMALL = 'size-7 shrink-0 [&_svg]:size-4'

export function EyeButton({ scene, names, label, reachable }: RowSubject) {
  const { t } = useTranslation('structures')
  const eye = useStore(scene, (state) => eyeOf(state, names))
  const text = t(eye === 'all' ? 'hide' : 'show', { name: label })
  return (
    <IconButton
      label={text}
      tabIndex={reachable ? 0 : -1}
      data-action="eye"
      className={classNames(
        SMALL,
        eye === 'none' && 'text-muted',
        eye === 'some' && 'text-accent-ink',
      )}
      onClick={() => toggleEye(scene, names)}
    >
      {eye === 'none' ? <EyeOff /> : <Eye strokeDasharray={eye === 'some' ? '3 2.5' : undefined} />}
    </IconButton>
  )
}

export function SoloButton({ scene, names, label, reachable }: RowSubject) {
  const { t } = useTranslation('structures')
  const solo = useStore(scene, (state) => isSolo(state, names))
  return (
    <IconButton
      label={solo ? t('endSoloOf') : t('solo', { name: label })}
      tabIndex={reachable ? 0 : -1}
      aria-pressed={solo}
      data-action="solo"
      className={SMALL}
      onClick={() => scene.getState().toggleSolo(names)}
    >
      <Target />
    </IconButton>
  )
}

export function FitButton({
  camera,
  names,
  label,
  reachable,
}: Omit<RowSubject, 'scene'> & { camera: CameraRequests }) {
  const { t } = useTranslation('structures')
  return (
    <IconButton
      label={t('fit', { name: label })}
      tabIndex={reachable ? 0 : -1}
      data-action="fit"
      className={SMALL}
      onClick={() => camera.ask({ kind: 'fit', names })}
    >
      <Focus />
    </IconButton>
  )
}

interface OpacitySliderProps extends Omit<RowSubject, 'reachable'> {
  /** Of what is written beside the slider, for a row that is called by it too. */
  ids?: { label: string; value: string }
}

export function OpacitySlider({ scene, names, label, ids }: OpacitySliderProps) {
  const { t } = useTranslation('structures')
  const opacity = useStore(scene, (state) => commonOpacity(state, names))
  const percent = Math.round((opacity ?? 1) * 100)
  const value = opacity === null ? '≠' : `${percent} %`
  return (
    <div className="flex grow items-center gap-2 text-xs text-muted">
      <span id={ids?.label}>{t('opacity')}</span>{' '}
      <Slider
        label={t('opacityOf', { name: label })}
        valueText={opacity === null ? t('opacityMixed') : value}
        value={percent}
        min={0}
        max={100}
        step={5}
        onChange={(next) => scene.getState().setOpacity(names, next / 100)}
      />{' '}
      <span id={ids?.value} className="w-11 shrink-0 text-end whitespace-nowrap tabular-nums">
        {value}
      </span>
    </div>
  )
}

/** The opacity of a whole group, beside it. */
export function OpacityPopover({ scene, names, label, reachable }: RowSubject) {
  const { t } = useTranslation('structures')
  const text = t('opacityOf', { name: label })
  return (
    <Popover
      label={text}
      trigger={
        <IconButton
          label={text}
          tabIndex={reachable ? 0 : -1}
          data-action="opacity"
          className={SMALL}
        >
          <Blend />
        </IconButton>
      }
    >
      <OpacitySlider scene={scene} names={names} label={label} />
    </Popover>
  )
}

/** Show them all where any is hidden, else hide them all; a solo ends by it. */
export function toggleEye(scene: SceneStore, names: readonly string[]): void {
  const state = scene.getState()
  state.setVisible(names, eyeOf(state, names) !== 'all')
}
