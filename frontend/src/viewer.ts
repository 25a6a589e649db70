/** The 3D view: the job's `model.web.glb`, drawn only when something changes. */

import {
  AmbientLight,
  Box3,
  Color,
  DirectionalLight,
  Mesh,
  Object3D,
  PerspectiveCamera,
  Scene,
  Vector3,
  WebGLRenderer,
} from 'three'
import { OrbitControls } from 'three/addons/controls/OrbitControls.js'
import { GLTFLoader } from 'three/addons/loaders/GLTFLoader.js'
import { MeshoptDecoder } from 'three/addons/libs/meshopt_decoder.module.js'

export class Viewer {
  private readonly scene = new Scene()
  private readonly camera = new PerspectiveCamera(35, 1, 0.01, 20)
  private readonly renderer = new WebGLRenderer({ antialias: true })
  private readonly controls: OrbitControls
  private model: Object3D | null = null
  private drawing = false

  constructor(private readonly parent: HTMLElement) {
    this.scene.background = new Color(0x10141a)
    const light = new DirectionalLight(0xffffff, 2.2)
    light.position.set(0.4, 0.6, 1)
    this.camera.add(light, light.target) // a head lamp, wherever the scan lies in its frame
    this.scene.add(this.camera, new AmbientLight(0xffffff, 0.9))
    this.controls = new OrbitControls(this.camera, this.renderer.domElement)
    this.controls.addEventListener('change', () => this.draw())
    parent.append(this.renderer.domElement)
    new ResizeObserver(() => this.resize()).observe(parent)
    this.resize()
  }

  /** Show these structures of a model, seen from the front, in place of the model before. */
  async load(url: string, shown: ReadonlySet<string>): Promise<void> {
    const loader = new GLTFLoader()
    loader.setMeshoptDecoder(MeshoptDecoder)
    const { scene: model } = await loader.loadAsync(url)
    this.clear()
    model.traverse((node) => {
      if (node instanceof Mesh) node.visible = shown.has(node.name)
    })
    this.model = model
    this.scene.add(model)
    this.frontView()
  }

  /** Show nothing. */
  clear(): void {
    if (this.model === null) return
    this.scene.remove(this.model)
    this.model.traverse((node) => {
      if (!(node instanceof Mesh)) return
      node.geometry.dispose()
      node.material.dispose()
    })
    this.model = null
    this.draw()
  }

  /** Show or hide one structure. */
  setVisible(name: string, visible: boolean): void {
    const node = this.model?.getObjectByName(name)
    if (node !== undefined) node.visible = visible
    this.draw()
  }

  private frontView(): void {
    if (this.model === null) return
    const box = new Box3().setFromObject(this.model)
    const centre = box.getCenter(new Vector3())
    const size = box.getSize(new Vector3())
    const half = Math.max(size.y, size.x / this.camera.aspect) / 2
    const distance = half / Math.tan((this.camera.fov * Math.PI) / 360) + size.z / 2
    // glTF's front is +Z, and so is the patient's: the patient's right is on the left.
    this.camera.position.set(centre.x, centre.y, centre.z + distance * 1.1)
    this.controls.target.copy(centre)
    this.controls.update()
    this.draw()
  }

  private resize(): void {
    const { clientWidth: width, clientHeight: height } = this.parent
    if (width === 0 || height === 0) return
    this.renderer.setPixelRatio(Math.min(devicePixelRatio, 2))
    this.renderer.setSize(width, height)
    this.camera.aspect = width / height
    this.camera.updateProjectionMatrix()
    this.draw()
  }

  private draw(): void {
    if (this.drawing) return
    this.drawing = true
    requestAnimationFrame(() => {
      this.drawing = false
      this.renderer.render(this.scene, this.camera)
    })
  }
}
