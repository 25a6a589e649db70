/** A job's 3D model: one surface a structure, in RAS+ mm. */

import { Box3, Group, Mesh, type BufferGeometry, type Matrix4, type Object3D } from 'three'
import { MeshoptDecoder } from 'three/addons/libs/meshopt_decoder.module.js'
import { GLTFLoader } from 'three/addons/loaders/GLTFLoader.js'

import type { Artifact } from '../../api/types'
import { download } from '../download'
import { rasMmFromGltf } from './patient_frame'
import { smoothNormals } from './smooth_normals'

export const WEB_MODEL = 'model.web.glb'

export interface Surface {
  readonly name: string
  readonly geometry: BufferGeometry
  /** From the geometry's own (quantised) units. */
  readonly rasMmFromGeometry: Matrix4
  readonly boxRasMm: Box3
}

export function modelFile(artifacts: readonly Artifact[]): Artifact | null {
  return artifacts.find(({ name }) => name === WEB_MODEL) ?? null
}

export async function loadModel(
  file: Artifact,
  signal: AbortSignal,
  onProgress: (share: number) => void,
): Promise<Surface[]> {
  const bytes = await download(file.url, { signal, sizeBytes: file.size_bytes, onProgress })
  const surfaces = await readModel(bytes)
  signal.throwIfAborted()
  return surfaces
}

export async function readModel(glb: ArrayBuffer): Promise<Surface[]> {
  const loader = new GLTFLoader()
  loader.setMeshoptDecoder(MeshoptDecoder)
  const { scene: model } = await loader.parseAsync(glb, '')
  const world = new Group()
  world.matrixAutoUpdate = false
  world.matrix.copy(rasMmFromGltf())
  world.add(model)
  world.updateMatrixWorld(true)
  const surfaces: Surface[] = []
  model.traverse((node) => {
    if (!(node instanceof Mesh)) return
    const geometry = node.geometry as BufferGeometry // GLTFLoader makes no other
    // Older jobs' files bring their own.
    if (!geometry.hasAttribute('normal')) geometry.setAttribute('normal', smoothNormals(geometry))
    geometry.computeBoundingBox()
    geometry.computeBoundingSphere()
    const box = geometry.boundingBox ?? new Box3()
    surfaces.push({
      name: originalName(node as Object3D),
      geometry,
      rasMmFromGeometry: node.matrixWorld.clone(),
      boxRasMm: box.clone().applyMatrix4(node.matrixWorld),
    })
  })
  return surfaces
}

/** The loader changes names to make them unique, and keeps those of the file beside them. */
function originalName(node: Object3D): string {
  const name: unknown = node.userData['name']
  return typeof name === 'string' ? name : node.name
}
