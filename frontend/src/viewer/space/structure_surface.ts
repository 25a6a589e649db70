/** One structure in the 3D view: its near side, its far side while it is see-through, its rim. */

import {
  BackSide,
  DoubleSide,
  FrontSide,
  Mesh,
  MeshPhongMaterial,
  Vector3,
  type Box3,
  type BufferGeometry,
  type Camera,
  type Group,
  type ShaderMaterial,
} from 'three'

import type { Structure } from '../../api/types'
import type { Surface } from './load_model'
import { depthRange, drawOrder } from './transparency_order'

export interface Look {
  readonly shown: boolean
  readonly opacity: number
  readonly selected: boolean
  readonly hovered: boolean
  /** Something is cut away, so that the inner side of surfaces can be seen. */
  readonly cut: boolean
}

type SurfaceMesh = Mesh<BufferGeometry, MeshPhongMaterial>

/** Below this a structure is as good as hidden, also for the pointer. */
const FAINTEST = 0.02
const GLOW = { none: 0, hovered: 0.1, selected: 0.18 }

export class StructureSurface {
  readonly name: string
  readonly boxRasMm: Box3
  /** What the pointer is tested against. */
  readonly front: SurfaceMesh
  private readonly back: SurfaceMesh
  private readonly rim: Mesh<BufferGeometry, ShaderMaterial>
  private look: Look | null = null

  constructor(
    { name, geometry, rasMmFromGeometry, boxRasMm }: Surface,
    { color_rgb: [red = 200, green = 200, blue = 200] }: Structure,
    rimMaterial: ShaderMaterial,
    world: Group,
  ) {
    this.name = name
    this.boxRasMm = boxRasMm
    const material = new MeshPhongMaterial({ shininess: 24, specular: 0x101010 })
    material.color.setRGB(red / 255, green / 255, blue / 255)
    const backMaterial = material.clone()
    backMaterial.side = BackSide
    backMaterial.transparent = true
    backMaterial.depthWrite = false
    this.front = new Mesh(geometry, material)
    this.back = new Mesh(geometry, backMaterial)
    this.rim = new Mesh(geometry, rimMaterial)
    for (const mesh of [this.front, this.back, this.rim]) {
      mesh.name = name
      mesh.matrixAutoUpdate = false
      mesh.matrix.copy(rasMmFromGeometry)
      mesh.visible = false
      world.add(mesh)
      mesh.updateMatrixWorld(true)
    }
  }

  get opacity(): number {
    return this.look?.opacity ?? 0
  }

  get shown(): boolean {
    return this.front.visible
  }

  /** Returns whether the picture changes by it. */
  setLook(look: Look): boolean {
    const before = this.look
    this.look = look
    if (before !== null && isSame(before, look)) return false
    if (!look.shown && before?.shown !== true) return false
    const solid = look.opacity >= 1
    this.front.visible = look.shown && look.opacity > FAINTEST
    this.back.visible = this.front.visible && !solid
    this.rim.visible = this.front.visible && solid && look.selected // else it would shine through
    const { material } = this.front
    const side = solid && look.cut ? DoubleSide : FrontSide
    if (material.side !== side || material.transparent === solid) material.needsUpdate = true
    material.side = side
    material.transparent = !solid
    material.depthWrite = solid
    const glow = look.selected ? GLOW.selected : look.hovered ? GLOW.hovered : GLOW.none
    for (const each of [material, this.back.material]) {
      each.opacity = look.opacity
      each.emissive.setScalar(glow)
    }
    return true
  }

  /** Take part in the order of see-through surfaces, as seen from here. */
  sort(camera: Camera, sight: Vector3): void {
    if (!this.back.visible) return
    const centre = this.boxRasMm.getCenter(CENTRE)
    const depth = centre.sub(camera.position).dot(sight)
    const half = this.boxRasMm.getSize(SIZE).multiplyScalar(0.5)
    const range = depthRange(depth, half.toArray(), sight.toArray())
    const order = drawOrder(range)
    this.back.renderOrder = order.backFaces
    this.front.renderOrder = order.frontFaces
  }

  dispose(): void {
    this.front.geometry.dispose()
    this.front.material.dispose()
    this.back.material.dispose()
  }
}

const CENTRE = new Vector3()
const SIZE = new Vector3()

function isSame(a: Look, b: Look): boolean {
  return (
    a.shown === b.shown &&
    a.opacity === b.opacity &&
    a.selected === b.selected &&
    a.hovered === b.hovered &&
    a.cut === b.cut
  )
}
