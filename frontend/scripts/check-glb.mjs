/**
 * Holds GLB files against two foreign readers: the Khronos validator, and three's loader as the
 * page uses it.
 *
 *     node scripts/check-glb.mjs FILE...
 *
 * Prints JSON, by file: the validator's findings, and for each mesh its vertices, triangles,
 * bounding box in the scene (metres), extras, group and colour (sRGB). Exit code 1 if the validator
 * finds an error or a warning.
 */

import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'

import { validateBytes } from 'gltf-validator'
import { Box3 } from 'three'
import { MeshoptDecoder } from 'three/addons/libs/meshopt_decoder.module.js'
import { GLTFLoader } from 'three/addons/loaders/GLTFLoader.js'

// What three's loader takes for granted in a browser.
globalThis.self = globalThis
globalThis.ProgressEvent ??= class extends Event {}

// The validator's severities go on with 2, information, and 3, hint.
const ERROR = 0
const WARNING = 1

async function findings(bytes) {
  const report = await validateBytes(bytes)
  return report.issues.messages.map(({ severity, code, message, pointer }) => ({
    severity,
    code,
    message,
    pointer,
  }))
}

async function meshes(bytes) {
  const loader = new GLTFLoader().setMeshoptDecoder(MeshoptDecoder)
  const { scene } = await loader.parseAsync(bytes.buffer, '')
  const found = {}
  scene.updateMatrixWorld(true)
  scene.traverse((node) => {
    if (!node.isMesh) return
    const box = new Box3().setFromObject(node, true)
    found[node.name] = {
      vertices: node.geometry.attributes.position.count,
      triangles: node.geometry.index.count / 3,
      min_m: box.min.toArray(),
      max_m: box.max.toArray(),
      extras: node.userData,
      group: node.parent.name,
      color: node.material.color.getHexString(),
    }
  })
  return found
}

const files = process.argv.slice(2)
if (files.length === 0) {
  console.error('usage: node scripts/check-glb.mjs FILE...')
  process.exit(2)
}
const reports = {}
for (const file of files) {
  const bytes = new Uint8Array(await readFile(file))
  const found = await findings(bytes)
  const broken = found.some(({ severity }) => severity === ERROR)
  reports[basename(file)] = { findings: found, meshes: broken ? {} : await meshes(bytes) }
}
console.log(JSON.stringify(reports, null, 2))
const bad = Object.values(reports).some(({ findings }) =>
  findings.some(({ severity }) => severity <= WARNING),
)
process.exitCode = bad ? 1 : 0
