/** The 3D pane: all structures in the patient's space, seen by a camera that the user turns. */

import type { Matrix4 } from 'three'
import {
  Box3,
  Color,
  Group,
  MOUSE,
  PerspectiveCamera,
  Raycaster,
  Scene as ThreeScene,
  TOUCH,
  Vector2,
  Vector3,
  type ShaderMaterial,
  type WebGLRenderer,
} from 'three'
import { OrbitControls } from 'three/addons/controls/OrbitControls.js'

import type { Structure } from '../../api/types'
import {
  isShown,
  type Background,
  type Scene,
  type SceneStore,
  type ViewDirection,
} from '../../session/scene'
import type { Vec3 } from '../../session/vector'
import type { Pane, PaneRectangle, Stage } from '../stage'
import { clippingPlanes } from './clipping'
import { Lights } from './lights'
import type { Surface } from './load_model'
import { fittingDistance, LOOK_FROM } from './look_direction'
import { nearestHit, type SurfaceHit } from './picking'
import { QualityChoice, SPACE_LEVELS } from '../quality'
import { rimMaterial, setRimWidth } from './rim'
import { PaneTarget } from '../pane_target'
import { StructureSurface } from './structure_surface'

const FIELD_OF_VIEW_DEGREES = 28
const MARGIN = 1.06
/** After the last movement the view is drawn at its finest. */
const AT_REST_MS = 180
const BACKGROUNDS: Readonly<Record<Background, Color>> = {
  dark: new Color(0.055, 0.066, 0.082),
  grey: new Color(0.3, 0.32, 0.35),
  light: new Color(0.94, 0.95, 0.96),
}

interface ScreenPoint {
  readonly x: number
  readonly y: number
}

export interface SpaceOverlay {
  /** Place lines and labels for what the pane shows now. */
  update(view: SpaceView): void
}

export class SpaceView implements Pane {
  readonly costly = true
  element: HTMLElement = document.createElement('div')
  /** What stands in space beside the structures: slices, caps. */
  readonly furniture = new Group()
  private readonly space = new ThreeScene()
  private readonly structures = new Group()
  private readonly camera = new PerspectiveCamera(FIELD_OF_VIEW_DEGREES, 1, 1, 10_000)
  private readonly controls: OrbitControls
  private readonly lights: Lights
  private readonly rim: ShaderMaterial = rimMaterial()
  private readonly target = new PaneTarget()
  private readonly quality = new QualityChoice(SPACE_LEVELS)
  private readonly raycaster = new Raycaster()
  private surfaces: readonly StructureSurface[] = []
  private bounds = new Box3(new Vector3(-200, -200, -200), new Vector3(200, 200, 200))
  private overlay: SpaceOverlay | null = null
  private held = false
  private movedAt = -Infinity
  private rest: ReturnType<typeof setTimeout> | null = null
  private drewMoving = false
  private fitted = false

  constructor(
    private readonly stage: Stage,
    private readonly scene: SceneStore,
  ) {
    this.camera.up.set(0, 0, 1)
    this.lights = new Lights(this.camera)
    this.space.add(this.camera, this.structures, this.furniture)
    this.controls = new OrbitControls(this.camera, null)
    this.controls.zoomToCursor = true
    this.controls.mouseButtons = { LEFT: MOUSE.ROTATE, MIDDLE: MOUSE.PAN, RIGHT: MOUSE.PAN }
    this.controls.touches = { ONE: TOUCH.ROTATE, TWO: TOUCH.DOLLY_PAN }
    this.controls.addEventListener('start', () => (this.held = true))
    this.controls.addEventListener('end', () => {
      this.held = false
      this.comeToRest()
    })
    this.controls.addEventListener('change', () => this.moved())
    this.follow(scene.getState())
  }

  get urgent(): boolean {
    return this.held || this.isMoving()
  }

  attach(element: HTMLElement, overlay: SpaceOverlay): () => void {
    this.element = element
    this.overlay = overlay
    this.controls.connect(element)
    const remove = this.stage.add(this)
    if (!this.fitted) this.lookFrom('A')
    return () => {
      remove()
      this.controls.disconnect()
      this.overlay = null
      this.held = false
    }
  }

  /** Show these surfaces in place of those before. */
  show(surfaces: readonly Surface[], structures: readonly Structure[]): void {
    for (const surface of this.surfaces) surface.dispose()
    this.structures.clear()
    const byName = new Map(structures.map((structure) => [structure.name, structure]))
    this.surfaces = surfaces.flatMap((surface) => {
      const structure = byName.get(surface.name)
      return structure === undefined
        ? []
        : [new StructureSurface(surface, structure, this.rim, this.structures)]
    })
    this.follow(this.scene.getState())
    this.fitted = false
    if (this.element.isConnected) this.lookFrom('A')
  }

  /** Of all structures, shown or not. */
  get boxRasMm(): Box3 {
    return this.surfaces.reduce((box, each) => box.union(each.boxRasMm), new Box3())
  }

  /** Count these bounds in for what the camera must not cut off. */
  includeBounds(box: Box3): void {
    this.bounds = box.clone()
  }

  /** Make the surfaces look as the scene says; returns whether anything changed. */
  follow(state: Scene): boolean {
    const cut = Object.values(state.clips).some(({ enabled }) => enabled)
    let changed = false
    for (const surface of this.surfaces) {
      const { name } = surface
      const isChanged = surface.setLook({
        shown: isShown(state, name),
        opacity: state.opacity[name] ?? 1,
        selected: state.selected === name,
        hovered: state.hovered === name,
        cut,
      })
      changed ||= isChanged
    }
    return changed
  }

  useLighting(lighting: Scene['lighting']): void {
    this.lights.use(lighting)
  }

  draw(renderer: WebGLRenderer, { width, height }: PaneRectangle): void {
    const state = this.scene.getState()
    const ratio = renderer.getPixelRatio()
    const moving = this.urgent
    this.drewMoving = moving
    const quality = this.quality.choose(moving)
    const target = this.target.prepare(width * ratio, height * ratio, quality)
    this.placeCamera(width / height)
    setRimWidth(this.rim, width, height, 1)
    const sight = this.camera.getWorldDirection(new Vector3())
    for (const surface of this.surfaces) surface.sort(this.camera, sight)
    renderer.clippingPlanes = clippingPlanes(state.clips)
    renderer.setClearColor(BACKGROUNDS[state.background], 1)
    renderer.setRenderTarget(target)
    renderer.clear()
    renderer.render(this.space, this.camera)
    renderer.setRenderTarget(null)
    renderer.clippingPlanes = []
    this.target.copyTo(renderer)
    if (moving) this.comeToRest()
  }

  drawOverlay(): void {
    this.overlay?.update(this)
  }

  measured(elapsedMs: number): void {
    this.quality.learn(this.drewMoving, elapsedMs)
  }

  /** A picture of the whole pane at its finest, top row first. */
  picture(renderer: WebGLRenderer): ImageData {
    const ratio = renderer.getPixelRatio()
    const { clientWidth, clientHeight } = this.element
    const state = this.scene.getState()
    const target = this.target.prepare(clientWidth * ratio, clientHeight * ratio, {
      scale: 1,
      samples: 4,
    })
    this.placeCamera(clientWidth / clientHeight)
    renderer.clippingPlanes = clippingPlanes(state.clips)
    renderer.setClearColor(BACKGROUNDS[state.background], 1)
    renderer.setRenderTarget(target)
    renderer.clear()
    renderer.render(this.space, this.camera)
    const { width, height } = target
    const upsideDown = new Uint8Array(width * height * 4)
    renderer.readRenderTargetPixels(target, 0, 0, width, height, upsideDown)
    renderer.setRenderTarget(null)
    renderer.clippingPlanes = []
    const image = new ImageData(width, height)
    const row = width * 4
    for (let y = 0; y < height; y++) {
      image.data.set(upsideDown.subarray((height - 1 - y) * row, (height - y) * row), y * row)
    }
    return image
  }

  /** Where a point of the patient is in the pane; null behind the camera. */
  toScreen(pointRasMm: Vec3): ScreenPoint | null {
    const { x, y, z } = new Vector3(...pointRasMm).project(this.camera)
    if (z > 1) return null
    const { clientWidth, clientHeight } = this.element
    return { x: ((x + 1) / 2) * clientWidth, y: ((1 - y) / 2) * clientHeight }
  }

  /** What is seen at a point of the pane. */
  pick({ x, y }: ScreenPoint): SurfaceHit | null {
    const { clientWidth, clientHeight } = this.element
    const ndc = new Vector2((x / clientWidth) * 2 - 1, 1 - (y / clientHeight) * 2)
    this.raycaster.setFromCamera(ndc, this.camera)
    const planes = clippingPlanes(this.scene.getState().clips)
    const hits: SurfaceHit[] = []
    for (const surface of this.surfaces) {
      if (!surface.shown) continue
      const { front, name, opacity } = surface
      for (const { point, distance } of this.raycaster.intersectObject(front, false)) {
        if (planes.some((plane) => plane.distanceToPoint(point) < 0)) continue
        hits.push({ name, opacity, distanceMm: distance, pointRasMm: point.toArray() })
      }
    }
    return nearestHit(hits)
  }

  /** The camera's turn, for the orientation cube. */
  worldToCamera(): Matrix4 {
    return this.camera.matrixWorldInverse
  }

  lookFrom(direction: ViewDirection): void {
    this.placeAt(new Vector3(...LOOK_FROM[direction]), this.shownBox())
  }

  /** Fill the view with these structures, or with all that is shown, from where it looks now. */
  fit(names?: readonly string[]): void {
    const wanted = names === undefined ? null : new Set(names)
    const box = wanted === null ? this.shownBox() : this.boxOf(({ name }) => wanted.has(name))
    if (box.isEmpty()) return
    const towardsCamera = this.camera.position.clone().sub(this.controls.target)
    this.placeAt(towardsCamera, box)
  }

  turn(stepsLeft: number, stepsUp: number): void {
    const step = Math.PI / 18
    this.controls.rotateLeft(-stepsLeft * step)
    this.controls.rotateUp(-stepsUp * step)
    this.controls.update()
  }

  shift(dx: number, dy: number): void {
    this.controls.pan(dx, dy)
    this.controls.update()
  }

  /** Come closer by a factor above one. */
  zoom(factor: number): void {
    const { target } = this.controls
    this.camera.position.sub(target).divideScalar(factor).add(target)
    this.controls.update()
  }

  dispose(): void {
    if (this.rest !== null) clearTimeout(this.rest)
    this.controls.dispose()
    for (const surface of this.surfaces) surface.dispose()
    this.target.dispose()
  }

  private shownBox(): Box3 {
    const box = this.boxOf((surface) => surface.shown)
    if (!box.isEmpty()) return box
    const all = this.boxRasMm
    return all.isEmpty() ? this.bounds.clone() : all
  }

  private boxOf(isWanted: (surface: StructureSurface) => boolean): Box3 {
    return this.surfaces
      .filter(isWanted)
      .reduce((box, each) => box.union(each.boxRasMm), new Box3())
  }

  private placeAt(towardsCamera: Vector3, box: Box3): void {
    const { clientWidth, clientHeight } = this.element
    const aspect = clientWidth > 0 && clientHeight > 0 ? clientWidth / clientHeight : 1
    const centre = box.getCenter(new Vector3())
    const direction = towardsCamera.clone().normalize()
    this.camera.position.copy(centre).add(direction)
    this.camera.lookAt(centre)
    this.camera.updateMatrixWorld()
    const slopeY = Math.tan((FIELD_OF_VIEW_DEGREES * Math.PI) / 360) / MARGIN
    const toCamera = this.camera.matrixWorldInverse.clone().setPosition(0, 0, 0)
    const corners = cornersOf(box).map((corner) =>
      corner.sub(centre).applyMatrix4(toCamera).toArray(),
    )
    const distance = Math.max(10, fittingDistance(corners, slopeY * aspect, slopeY))
    this.camera.position.copy(centre).addScaledVector(direction, distance)
    this.controls.target.copy(centre)
    this.controls.update()
    this.fitted = true
    this.stage.invalidate(this)
  }

  /** Its depth range fits what there is, so that depths are told apart well. */
  private placeCamera(aspect: number): void {
    const box = this.boxRasMm.union(this.bounds)
    const centre = box.getCenter(new Vector3())
    const radius = box.getSize(new Vector3()).length() / 2
    const distance = this.camera.position.distanceTo(centre)
    this.camera.near = Math.max(distance - radius, radius / 500)
    this.camera.far = distance + radius
    this.camera.aspect = aspect
    this.camera.updateProjectionMatrix()
    this.camera.updateMatrixWorld()
  }

  private isMoving(): boolean {
    return performance.now() - this.movedAt < AT_REST_MS
  }

  private moved(): void {
    this.movedAt = performance.now()
    this.camera.updateMatrixWorld()
    this.stage.invalidate(this)
  }

  private comeToRest(): void {
    if (this.rest !== null) clearTimeout(this.rest)
    this.rest = setTimeout(() => {
      this.rest = null
      if (this.held) return
      this.stage.invalidate(this)
    }, AT_REST_MS + 20)
  }
}

function cornersOf({ min, max }: Box3): Vector3[] {
  return [min.x, max.x].flatMap((x) =>
    [min.y, max.y].flatMap((y) => [min.z, max.z].map((z) => new Vector3(x, y, z))),
  )
}
