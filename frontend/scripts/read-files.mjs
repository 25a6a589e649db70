/**
 * Reads mesh files with three's loaders, and archives as pages do: foreign judges of what is
 * written.
 *
 *     node scripts/read-files.mjs FILE...
 *
 * Prints JSON, by file. Of meshes: for each structure, its triangles' corners one after another, in
 * the file's frame. Of archives and compressed files: for each file inside, its SHA-256.
 */

import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { basename, extname } from 'node:path'

import { unzipSync } from 'fflate'
import { Mesh, Vector3 } from 'three'
import { MeshoptDecoder } from 'three/addons/libs/meshopt_decoder.module.js'
import { GLTFLoader } from 'three/addons/loaders/GLTFLoader.js'
import { OBJLoader } from 'three/addons/loaders/OBJLoader.js'
import { PLYLoader } from 'three/addons/loaders/PLYLoader.js'
import { STLLoader } from 'three/addons/loaders/STLLoader.js'

// What three's loaders take for granted in a browser.
globalThis.self = globalThis
globalThis.ProgressEvent ??= class extends Event {}

/** Corners in the scene's frame, x, y, z, x, … */
function corners(mesh) {
  const { index, attributes } = mesh.geometry
  const count = index?.count ?? attributes.position.count
  const point = new Vector3()
  return Array.from({ length: count }, (_, place) => {
    point.fromBufferAttribute(attributes.position, index?.getX(place) ?? place)
    return point.applyMatrix4(mesh.matrixWorld).toArray()
  }).flat()
}

function byName(scene) {
  scene.updateMatrixWorld(true)
  const found = {}
  scene.traverse((node) => {
    if (node.isMesh) found[node.name] = corners(node)
  })
  return found
}

const alone = (geometry) => ({ '': corners(new Mesh(geometry)) })
const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex')

/** A browser's own decompression, which refuses anything after the first member. */
async function gunzip(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))
  return new Uint8Array(await new Response(stream).arrayBuffer())
}

const READERS = {
  '.glb': async (bytes) => {
    const loader = new GLTFLoader().setMeshoptDecoder(MeshoptDecoder)
    return byName((await loader.parseAsync(bytes.buffer, '')).scene)
  },
  '.obj': (bytes) => byName(new OBJLoader().parse(new TextDecoder().decode(bytes))),
  '.stl': (bytes) => alone(new STLLoader().parse(bytes.buffer)),
  '.ply': (bytes) => alone(new PLYLoader().parse(bytes.buffer)),
  '.gz': async (bytes) => ({ '': sha256(await gunzip(bytes)) }),
  '.zip': (bytes) =>
    Object.fromEntries(
      Object.entries(unzipSync(bytes)).map(([name, content]) => [name, sha256(content)]),
    ),
}

const files = process.argv.slice(2)
if (files.length === 0) {
  console.error('usage: node scripts/read-files.mjs FILE...')
  process.exit(2)
}
const found = {}
for (const file of files) {
  const bytes = new Uint8Array(await readFile(file))
  found[basename(file)] = await READERS[extname(file)](bytes)
}
console.log(JSON.stringify(found))
