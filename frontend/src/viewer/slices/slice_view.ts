/** One slice pane: a plane through the scan at the crosshair. */

import {
  BufferAttribute,
  BufferGeometry,
  Camera,
  Mesh,
  Scene as ThreeScene,
  Vector3,
  type RawShaderMaterial,
  type WebGLRenderer,
} from 'three'

import type { Plane, SceneStore } from '../../session/scene'
import type { Vec3 } from '../../session/vector'
import { PaneTarget } from '../pane_target'
import { QualityChoice, SLICE_LEVELS } from '../quality'
import type { Pane, PaneRectangle, Stage } from '../stage'
import type { Volume } from '../volume/volume'
import { PLANE_FRAMES, withCoordinate } from './planes'
import {
  clamp,
  SliceGeometry,
  wholeFrame,
  type Bounds,
  type ScreenPoint,
  type SliceFrame,
} from './slice_frame'
import { paneMaterial, type PaneUniforms, type SliceUniforms } from './slice_material'

const NOWHERE: Bounds = { low: [-1, -1, -1], high: [1, 1, 1] }
const BLACK = 0x000000
/** Pictures that follow each other faster are movement; after it the slice is drawn sharply. */
const MOVEMENT_MS = 180
/** What slow graphics take for a picture is no rest. */
const LONGEST_PICTURE_MS = 800

export interface SliceOverlay {
  /** Place lines and labels for what the pane shows now. */
  update(geometry: SliceGeometry, positionMm: number): void
}

export class SliceView implements Pane {
  readonly costly = false
  readonly urgent = true
  element: HTMLElement = document.createElement('div')
  private overlay: SliceOverlay | null = null
  private volume: Volume | null = null
  private frame: SliceFrame = wholeFrame(NOWHERE)
  private readonly picture = new ThreeScene()
  private material: RawShaderMaterial | null = null
  private readonly camera = new Camera()
  private readonly target = new PaneTarget()
  private readonly quality = new QualityChoice(SLICE_LEVELS)
  private drawnAt = -Infinity
  private drewMoving = false
  private tookMs = 0
  private rest: ReturnType<typeof setTimeout> | null = null
  private readonly uniforms: PaneUniforms = {
    centreRasMm: { value: new Vector3() },
    rightMm: { value: new Vector3() },
    upMm: { value: new Vector3() },
  }

  constructor(
    readonly plane: Plane,
    private readonly stage: Stage,
    private readonly scene: SceneStore,
  ) {}

  /** Draw where this element is; returns what ends it. */
  attach(element: HTMLElement, overlay: SliceOverlay): () => void {
    this.element = element
    this.overlay = overlay
    const remove = this.stage.add(this)
    return () => {
      remove()
      this.overlay = null
    }
  }

  show(volume: Volume, shared: SliceUniforms): void {
    this.volume = volume
    this.material = paneMaterial(shared, this.uniforms)
    const triangle = new BufferGeometry()
    const corners = new Float32Array([-1, -1, 0, 3, -1, 0, -1, 3, 0])
    triangle.setAttribute('position', new BufferAttribute(corners, 3))
    const mesh = new Mesh(triangle, this.material)
    mesh.frustumCulled = false
    this.picture.add(mesh)
    this.reset()
  }

  draw(renderer: WebGLRenderer, { width, height }: PaneRectangle): void {
    renderer.setClearColor(BLACK, 1)
    renderer.clear()
    if (this.material === null) return
    const { mmPerPixel, size, frame } = this.geometry()
    const { axis, right, up } = PLANE_FRAMES[this.plane]
    const centre = withCoordinate(frame.centreRasMm, axis, this.positionMm())
    this.uniforms.centreRasMm.value.set(...centre)
    this.uniforms.rightMm.value.set(...right).multiplyScalar((size.width / 2) * mmPerPixel)
    this.uniforms.upMm.value.set(...up).multiplyScalar((size.height / 2) * mmPerPixel)
    const now = performance.now()
    this.drewMoving = now - this.drawnAt < MOVEMENT_MS + this.tookMs
    this.drawnAt = now
    const quality = this.quality.choose(this.drewMoving)
    if (quality.scale === 1) {
      renderer.render(this.picture, this.camera)
      return
    }
    const ratio = renderer.getPixelRatio()
    renderer.setRenderTarget(this.target.prepare(width * ratio, height * ratio, quality))
    renderer.clear()
    renderer.render(this.picture, this.camera)
    renderer.setRenderTarget(null)
    this.target.copyTo(renderer)
    this.comeToRest()
  }

  drawOverlay(): void {
    this.overlay?.update(this.geometry(), this.positionMm())
  }

  measured(elapsedMs: number): void {
    this.tookMs = Math.min(elapsedMs, LONGEST_PICTURE_MS)
    this.quality.learn(this.drewMoving, elapsedMs)
  }

  dispose(): void {
    if (this.rest !== null) clearTimeout(this.rest)
    this.target.dispose()
  }

  geometry(): SliceGeometry {
    const { clientWidth: width, clientHeight: height } = this.element
    const size = { width: Math.max(1, width), height: Math.max(1, height) }
    return new SliceGeometry(this.plane, this.volume?.bounds ?? NOWHERE, this.frame, size)
  }

  /** Where the slice lies along the axis across it. */
  positionMm(): number {
    return this.crosshair()[PLANE_FRAMES[this.plane].axis]
  }

  toRasMm(point: ScreenPoint): Vec3 {
    return this.geometry().toRasMm(point, this.positionMm())
  }

  zoomAbout(fixed: ScreenPoint, factor: number): void {
    this.setFrame(this.geometry().zoomedAbout(fixed, factor))
  }

  zoom(factor: number): void {
    const { width, height } = this.geometry().size
    this.zoomAbout({ x: width / 2, y: height / 2 }, factor)
  }

  pan(dx: number, dy: number): void {
    this.setFrame(this.geometry().panned(dx, dy))
  }

  /** The whole scan again. */
  reset(): void {
    this.setFrame(wholeFrame(this.volume?.bounds ?? NOWHERE))
  }

  /** Leaf through the slices. */
  scroll(slices: number): void {
    if (this.volume === null) return
    const { axis } = PLANE_FRAMES[this.plane]
    this.moveCrosshairAlong(axis, slices * this.volume.stepMm(axis))
  }

  /** Move the crosshair by voxels within the slice, in directions of the screen. */
  nudge(toTheRight: number, upward: number): void {
    if (this.volume === null) return
    const { right, up } = PLANE_FRAMES[this.plane]
    for (const axis of [0, 1, 2] as const) {
      const steps = right[axis] * toTheRight + up[axis] * upward
      if (steps !== 0) this.moveCrosshairAlong(axis, steps * this.volume.stepMm(axis))
    }
  }

  /** Put the crosshair there, if it is within the scan, else as near as it goes. */
  moveCrosshair(pointRasMm: Vec3): void {
    const { low, high } = this.volume?.bounds ?? NOWHERE
    const [x, y, z] = pointRasMm
    this.scene
      .getState()
      .moveCrosshair([
        clamp(x, low[0], high[0]),
        clamp(y, low[1], high[1]),
        clamp(z, low[2], high[2]),
      ])
  }

  private moveCrosshairAlong(axis: 0 | 1 | 2, mm: number): void {
    const crosshair = this.crosshair()
    this.moveCrosshair(withCoordinate(crosshair, axis, crosshair[axis] + mm))
  }

  private crosshair(): Vec3 {
    return this.scene.getState().crosshairRasMm ?? this.volume?.centre() ?? [0, 0, 0]
  }

  private comeToRest(): void {
    if (this.rest !== null) clearTimeout(this.rest)
    this.rest = setTimeout(() => {
      this.rest = null
      this.stage.invalidate(this)
    }, MOVEMENT_MS + this.tookMs)
  }

  private setFrame(frame: SliceFrame): void {
    this.frame = frame
    this.stage.invalidate(this)
  }
}
