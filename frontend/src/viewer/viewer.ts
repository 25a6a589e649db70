/** All that is drawn, and how it follows the scene: no React in here. */

import { Box3, Vector3 } from 'three'

import type { Structure } from '../api/types'
import type { CameraRequest, CameraRequests } from '../session/camera'
import type { Plane, Scene, SceneStore } from '../session/scene'
import type { Vec3 } from '../session/vector'
import { paletteBytes } from './slices/palette'
import { PLANE_FRAMES, PLANES } from './slices/planes'
import {
  capMaterial,
  paletteTexture,
  planeMaterial,
  setPalette,
  setWindow,
  sliceUniforms,
  type SliceUniforms,
} from './slices/slice_material'
import { SliceView } from './slices/slice_view'
import { CLIP_AXES, keptRanges, Rectangles } from './space/clipping'
import type { Surface } from './space/load_model'
import { savePicture } from './space/save_picture'
import { SpaceView } from './space/space_view'
import { Stage } from './stage'
import type { Volume } from './volume/volume'

/** Caps are drawn after all that is solid and before all that is see-through. */
const BEFORE_SEE_THROUGH = -1e9
/** So far inside of what is kept, lest it flickers with the surface's own edge. */
const CAP_INSIDE_MM = 0.05

const IN_SLICES = [
  'visible',
  'solo',
  'selected',
  'overlayOpacity',
  'window',
  'outline',
] as const satisfies (keyof Scene)[]

export class Viewer {
  readonly space: SpaceView
  readonly slices: Readonly<Record<Plane, SliceView>>
  volume: Volume | null = null
  private readonly stage: Stage
  private readonly palette = paletteTexture()
  private readonly capPalette = paletteTexture()
  private uniforms: SliceUniforms | null = null
  private standing: { slices: Rectangles; caps: Rectangles } | null = null
  private readonly endings: (() => void)[] = []

  constructor(
    container: HTMLElement,
    private readonly scene: SceneStore,
    camera: CameraRequests,
    private readonly pictureName: string,
  ) {
    this.stage = new Stage(container)
    this.space = new SpaceView(this.stage, scene)
    this.slices = {
      axial: new SliceView('axial', this.stage, scene),
      coronal: new SliceView('coronal', this.stage, scene),
      sagittal: new SliceView('sagittal', this.stage, scene),
    }
    this.space.useLighting(scene.getState().lighting)
    this.endings.push(
      scene.subscribe((state, before) => this.follow(state, before)),
      camera.listen((request) => this.answer(request)),
    )
  }

  get canvas(): HTMLCanvasElement {
    return this.stage.renderer.domElement
  }

  showModel(surfaces: readonly Surface[], structures: readonly Structure[]): void {
    this.space.show(surfaces, structures)
    this.begin()
    this.stage.invalidate()
  }

  showVolume(volume: Volume): void {
    this.volume = volume
    const uniforms = sliceUniforms(volume)
    uniforms.palette.value = this.palette
    uniforms.outline.value = 0
    this.uniforms = uniforms
    for (const plane of PLANES) this.slices[plane].show(volume, uniforms)
    const slices = new Rectangles(planeMaterial(uniforms), 0)
    const caps = new Rectangles(capMaterial(uniforms, this.capPalette), BEFORE_SEE_THROUGH)
    this.standing = { slices, caps }
    this.space.furniture.add(slices.group, caps.group)
    this.space.includeBounds(boxOf(volume))
    this.begin()
    this.paint(this.scene.getState())
    this.placeStanding(this.scene.getState())
    this.stage.invalidate()
  }

  /** From where to where there is something along an axis of RAS+. */
  rangeMm(axis: 'x' | 'y' | 'z'): readonly [number, number] {
    const box = this.volume === null ? this.space.boxRasMm : boxOf(this.volume)
    return box.isEmpty() ? [-1, 1] : [box.min[axis], box.max[axis]]
  }

  /** The structure whose label a point of the scan has. */
  structureAt(pointRasMm: Vec3): Structure | null {
    const label = this.volume?.labelAt(pointRasMm) ?? 0
    if (label === 0) return null
    const { structures } = this.scene.getState()
    return structures.find(({ label_value: value }) => value === label) ?? null
  }

  dispose(): void {
    for (const end of this.endings) end()
    this.space.dispose()
    for (const plane of PLANES) this.slices[plane].dispose()
    this.stage.dispose()
  }

  private follow(state: Scene, before: Scene): void {
    const changed = (...keys: (keyof Scene)[]) => keys.some((key) => state[key] !== before[key])
    if (changed('structures')) this.begin()
    const looks = changed(
      'structures',
      'visible',
      'opacity',
      'solo',
      'selected',
      'hovered',
      'clips',
    )
    let space = looks && this.space.follow(state)
    if (changed('lighting')) this.space.useLighting(state.lighting)
    if (changed('clips', 'background', 'lighting')) space = true
    const crosshair = changed('crosshairRasMm')
    if (changed('slicesIn3d', 'clips') || (crosshair && state.slicesIn3d)) {
      this.placeStanding(state)
      space = true
    }
    if (changed('structures', ...IN_SLICES, 'opacity')) {
      this.paint(state)
      const inSlices = changed('structures', ...IN_SLICES)
      if (inSlices) for (const plane of PLANES) this.stage.invalidate(this.slices[plane])
      if (inSlices && state.slicesIn3d) space = true
    }
    if (crosshair) this.drawMovedSlices(state.crosshairRasMm, before.crosshairRasMm)
    if (space) this.stage.invalidate(this.space)
    if (crosshair || changed('measured')) {
      this.stage.invalidateOverlay(this.space)
      for (const plane of PLANES) this.stage.invalidateOverlay(this.slices[plane])
    }
  }

  /** A slice changes only when the crosshair moves across it. */
  private drawMovedSlices(to: Vec3 | null, from: Vec3 | null): void {
    for (const plane of PLANES) {
      const { axis } = PLANE_FRAMES[plane]
      if (to?.[axis] !== from?.[axis]) this.stage.invalidate(this.slices[plane])
    }
  }

  private paint(state: Scene): void {
    if (this.uniforms === null) return
    setPalette(this.palette, paletteBytes(state, 'over_slices'))
    setPalette(this.capPalette, paletteBytes(state, 'cap'))
    setWindow(this.uniforms, state.window)
    this.uniforms.outline.value = state.outline ? Math.max(1, Math.round(this.stage.pixelRatio)) : 0
  }

  private placeStanding({ clips, crosshairRasMm, slicesIn3d }: Scene): void {
    if (this.standing === null || this.volume === null) return
    const ranges = keptRanges(clips, this.volume.bounds)
    const crosshair = slicesIn3d ? crosshairRasMm : null
    const within = (position: number, axis: number) => {
      const [low, high] = ranges[axis] ?? [0, 0]
      return position >= low && position <= high ? position : null
    }
    this.standing.slices.place(
      [0, 1, 2].map((axis) => (crosshair === null ? null : within(crosshair[axis] ?? 0, axis))),
      ranges,
    )
    this.standing.caps.place(
      CLIP_AXES.map((axis) => {
        const { enabled, positionMm, flipped } = clips[axis]
        return enabled ? positionMm + (flipped ? CAP_INSIDE_MM : -CAP_INSIDE_MM) : null
      }),
      ranges,
    )
  }

  /** The scene was set anew: what only the viewer knows is missing in it. */
  private begin(): void {
    const box = this.volume === null ? this.space.boxRasMm : boxOf(this.volume)
    this.startClips(box)
    if (this.volume !== null && this.scene.getState().crosshairRasMm === null) {
      this.scene.getState().moveCrosshair(this.volume.centre())
    }
  }

  /** Clipping planes begin in the middle of what there is. */
  private startClips(box: Box3): void {
    if (box.isEmpty()) return
    const middle = box.getCenter(new Vector3())
    const { clips, setClip } = this.scene.getState()
    for (const axis of CLIP_AXES) {
      if (!clips[axis].enabled) setClip(axis, { positionMm: Math.round(middle[axis]) })
    }
  }

  private answer(request: CameraRequest): void {
    switch (request.kind) {
      case 'look_from':
        this.space.lookFrom(request.direction)
        break
      case 'fit':
        this.space.fit(request.names)
        if (request.names !== undefined) this.goTo(request.names)
        break
      case 'screenshot':
        savePicture(this.space, this.stage.renderer, this.scene.getState(), this.pictureName)
        this.stage.invalidate(this.space)
        break
    }
  }

  /** Bring a structure's middle into the slices, too. */
  private goTo([name, ...others]: readonly string[]): void {
    if (others.length > 0) return
    const structure = this.scene.getState().structures.find((each) => each.name === name)
    const [x, y, z] = structure?.centroid_ras_mm ?? []
    if (x === undefined || y === undefined || z === undefined) return
    this.scene.getState().moveCrosshair([x, y, z])
  }
}

function boxOf({ bounds: { low, high } }: Volume): Box3 {
  return new Box3(new Vector3(...low), new Vector3(...high))
}
