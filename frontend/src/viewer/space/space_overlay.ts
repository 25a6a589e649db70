/** Crosshair and distance above the 3D view, and the cube beside it: moved without a new picture. */

import type { SceneStore } from '../../session/scene'
import { move, type MeasureLine } from '../measure_line'
import { cubeTransform } from './cube_transform'
import type { SpaceOverlay, SpaceView } from './space_view'

export interface SpaceOverlayElements {
  readonly crosshair: HTMLElement
  readonly cube: HTMLElement
}

export class SpaceMarks implements SpaceOverlay {
  constructor(
    private readonly elements: SpaceOverlayElements,
    private readonly line: MeasureLine,
    private readonly scene: SceneStore,
  ) {}

  update(view: SpaceView): void {
    const { crosshairRasMm, measured } = this.scene.getState()
    const { crosshair, cube } = this.elements
    cube.style.transform = cubeTransform(view.worldToCamera())
    const at = crosshairRasMm === null ? null : view.toScreen(crosshairRasMm)
    move(crosshair, at ?? undefined)
    const points = measured.map((point) => view.toScreen(point)).filter((point) => point !== null)
    this.line.update(points.length === measured.length ? points : [], measured, 1)
  }
}
