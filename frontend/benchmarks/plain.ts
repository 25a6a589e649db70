/**
 * The plain way: one OBJ file a structure through three's OBJLoader, one mesh with a plain material
 * each, drawn when the camera moves.
 */

import { act } from './pictures' // before anything draws

import {
  AmbientLight,
  Box3,
  Color,
  DirectionalLight,
  MathUtils,
  Mesh,
  MeshPhongMaterial,
  PerspectiveCamera,
  Scene,
  Vector3,
  WebGLRenderer,
} from 'three'
import { OrbitControls } from 'three/addons/controls/OrbitControls.js'
import { OBJLoader } from 'three/addons/loaders/OBJLoader.js'

interface File {
  readonly url: string
  readonly color_rgb: readonly [number, number, number]
}

const answer = await fetch('/data/plain.json')
const files = (await answer.json()) as readonly File[]

const renderer = new WebGLRenderer({ antialias: true })
renderer.setPixelRatio(devicePixelRatio)
renderer.setSize(innerWidth, innerHeight)
renderer.domElement.style.display = 'block'
document.body.append(renderer.domElement)
const scene = new Scene()
scene.background = new Color(0x0e1115)
const camera = new PerspectiveCamera(28, innerWidth / innerHeight, 1, 10_000)
camera.up.set(0, 0, 1)
const light = new DirectionalLight(0xffffff, 2.2)
camera.add(light)
scene.add(camera, new AmbientLight(0xffffff, 0.7))
const controls = new OrbitControls(camera, renderer.domElement)

let asked = false
function draw(): void {
  if (asked) return
  asked = true
  requestAnimationFrame(() => {
    asked = false
    renderer.render(scene, camera)
  })
}
controls.addEventListener('change', draw)

const structures = await Promise.all(
  files.map(async ({ url, color_rgb: [red, green, blue] }) => {
    const model = await new OBJLoader().loadAsync(url)
    const material = new MeshPhongMaterial()
    material.color.setRGB(red / 255, green / 255, blue / 255)
    model.traverse((node) => {
      if (node instanceof Mesh) node.material = material
    })
    return model
  }),
)
scene.add(...structures)
const box = new Box3().setFromObject(scene)
const centre = box.getCenter(new Vector3())
const { z: height } = box.getSize(new Vector3())
const distance = (height * 0.53) / Math.tan(MathUtils.degToRad(camera.fov / 2))
camera.position.copy(centre).add(new Vector3(0, distance, 0))
controls.target.copy(centre)
controls.update()
draw()

Object.assign(window, {
  toggle: (index: number) => {
    const structure = structures[index]
    if (structure === undefined) throw new Error(`there is no structure ${index}`)
    act(() => {
      structure.visible = !structure.visible
      draw()
    })
  },
})
