import { useTranslation } from 'react-i18next'
import type { Ref } from 'react'

import type { CameraRequests } from '../../session/camera'
import { faceTransform } from './cube_transform'
import { LOOK_DIRECTIONS } from './look_direction'

const EDGE_PIXELS = 40

/** Six buttons that turn with the camera; `ref` is what has to be turned. */
export function OrientationCube({
  camera,
  ref,
}: {
  camera: CameraRequests
  ref: Ref<HTMLDivElement>
}) {
  const { t } = useTranslation('viewer')
  return (
    <div
      role="group"
      aria-label={t('cube')}
      className="absolute top-3 right-3 grid size-16 place-items-center rounded-full focus-within:has-focus-visible:outline-2 focus-within:has-focus-visible:outline-focus"
    >
      <div
        ref={ref}
        data-cube
        className="relative transform-3d"
        style={{ width: EDGE_PIXELS, height: EDGE_PIXELS }}
      >
        {LOOK_DIRECTIONS.map((direction) => (
          <button
            key={direction}
            type="button"
            title={t(`directions.${direction}`)}
            aria-label={t(`directions.${direction}`)}
            data-look-from={direction}
            onClick={() => camera.ask({ kind: 'look_from', direction })}
            className="absolute inset-0 border border-line bg-surface/85 text-sm font-semibold text-ink backface-hidden hover:bg-accent hover:text-on-accent focus-visible:bg-accent focus-visible:text-on-accent"
            style={{ transform: faceTransform(direction, EDGE_PIXELS / 2) }}
          >
            {t(`letters.${direction}`)}
          </button>
        ))}
      </div>
    </div>
  )
}
