/** Draws a plane through the scan: grey values with the label map's colours over them. */

import type { Matrix4 } from 'three'
import {
  Data3DTexture,
  DataTexture,
  DoubleSide,
  GLSL3,
  HalfFloatType,
  LinearFilter,
  NearestFilter,
  RawShaderMaterial,
  RedFormat,
  RedIntegerFormat,
  UnsignedByteType,
  Vector2,
  Vector3,
} from 'three'

import type { HuWindow } from '../../session/scene'
import type { Volume } from '../volume/volume'
import { PALETTE_SIZE } from './palette'

/** Uniforms that all planes share: to change one changes all of them. */
export interface SliceUniforms {
  ct: { value: Data3DTexture }
  labels: { value: Data3DTexture }
  palette: { value: DataTexture }
  voxelFromRasMm: { value: Matrix4 }
  dims: { value: Vector3 }
  /** Centre and width in HU. */
  huWindow: { value: Vector2 }
  /** 0: filled; else how many device pixels wide outlines are. */
  outline: { value: number }
  [name: string]: { value: unknown }
}

export function paletteTexture(): DataTexture {
  const texture = new DataTexture(new Uint8Array(PALETTE_SIZE * 4), PALETTE_SIZE, 1)
  texture.needsUpdate = true
  return texture
}

export function setPalette(texture: DataTexture, bytes: Uint8Array): void {
  texture.image.data?.set(bytes)
  texture.needsUpdate = true
}

export function sliceUniforms(volume: Volume): SliceUniforms {
  return {
    ct: { value: ctTexture(volume) },
    labels: { value: labelsTexture(volume) },
    palette: { value: paletteTexture() },
    voxelFromRasMm: { value: volume.voxelFromRasMm },
    dims: { value: new Vector3(...volume.dims) },
    huWindow: { value: new Vector2(40, 400) },
    outline: { value: 0 },
  }
}

export function setWindow({ huWindow }: SliceUniforms, { centre, width }: HuWindow): void {
  huWindow.value.set(centre, Math.max(1, width))
}

function ctTexture(volume: Volume): Data3DTexture {
  const texture = new Data3DTexture(volume.takeHalves(), ...volume.dims)
  texture.format = RedFormat
  texture.type = HalfFloatType
  texture.internalFormat = 'R16F'
  texture.minFilter = texture.magFilter = LinearFilter
  texture.unpackAlignment = 1
  texture.needsUpdate = true
  texture.onUpdate = () => {
    texture.onUpdate = null
    texture.source.data = { ...texture.image, data: null } // the graphics memory holds it now
  }
  return texture
}

function labelsTexture(volume: Volume): Data3DTexture {
  const { labels } = volume
  const dims: readonly [number, number, number] = labels === null ? [1, 1, 1] : volume.dims
  const texture = new Data3DTexture(labels ?? new Uint8Array(1), ...dims)
  texture.format = RedIntegerFormat
  texture.type = UnsignedByteType
  texture.internalFormat = 'R8UI'
  texture.minFilter = texture.magFilter = NearestFilter
  texture.unpackAlignment = 1
  texture.needsUpdate = true
  return texture
}

const SAMPLING = `
  precision highp float;
  precision highp int;
  precision highp sampler3D;
  precision highp usampler3D;
  uniform sampler3D ct;
  uniform usampler3D labels;
  uniform sampler2D palette;
  uniform vec3 dims;
  uniform vec2 huWindow;
  uniform float outline;
  // Voxel indices, of which whole numbers are corners: 0.5 is the middle of the first voxel.
  in vec3 voxel;
  out vec4 colour;

  bool outside(vec3 at) { return any(lessThan(at, vec3(0.0))) || any(greaterThanEqual(at, dims)); }
  vec4 labelColour(vec3 at) {
    ivec3 last = textureSize(labels, 0) - 1;
    uint label = texelFetch(labels, clamp(ivec3(at), ivec3(0), last), 0).r;
    return texelFetch(palette, ivec2(int(label), 0), 0);
  }
`

const SLICE = `
  ${SAMPLING}
  bool differs(vec4 own, vec3 at) { return any(notEqual(own, labelColour(at))); }
  void main() {
    // Before any discard, while all neighbours are still computed.
    vec3 alongX = dFdx(voxel) * max(outline, 1.0);
    vec3 alongY = dFdy(voxel) * max(outline, 1.0);
    if (outside(voxel)) discard;
    float grey = clamp((texture(ct, voxel / dims).r - huWindow.x) / huWindow.y + 0.5, 0.0, 1.0);
    vec4 over = labelColour(voxel);
    if (outline > 0.0 && over.a > 0.0) {
      bool edge = differs(over, voxel + alongX) || differs(over, voxel - alongX) ||
        differs(over, voxel + alongY) || differs(over, voxel - alongY);
      over.a = edge ? 1.0 : 0.0;
    }
    colour = vec4(mix(vec3(grey), over.rgb, over.a), 1.0);
  }
`

/** Faces where a clipping plane cuts structures: the label map's colours alone. */
const CAP = `
  ${SAMPLING}
  void main() {
    if (outside(voxel)) discard;
    vec4 over = labelColour(voxel);
    if (over.a == 0.0) discard;
    colour = vec4(over.rgb * 0.92, over.a);
  }
`

/** The affine is linear, so that the voxels between corners can be interpolated. */
const PLACING = `
  precision highp float;
  in vec3 position;
  uniform mat4 voxelFromRasMm;
  out vec3 voxel;
  void place(vec3 pointRasMm) { voxel = (voxelFromRasMm * vec4(pointRasMm, 1.0)).xyz + 0.5; }
`

/** A triangle over the whole pane. */
const OVER_PANE = `
  ${PLACING}
  uniform vec3 centreRasMm;
  uniform vec3 rightMm;
  uniform vec3 upMm;
  void main() {
    place(centreRasMm + position.x * rightMm + position.y * upMm);
    gl_Position = vec4(position.xy, 0.0, 1.0);
  }
`

const IN_SPACE = `
  ${PLACING}
  uniform mat4 modelMatrix;
  uniform mat4 viewMatrix;
  uniform mat4 projectionMatrix;
  void main() {
    vec4 point = modelMatrix * vec4(position, 1.0);
    place(point.xyz);
    gl_Position = projectionMatrix * viewMatrix * point;
  }
`

export interface PaneUniforms {
  centreRasMm: { value: Vector3 }
  /** From the pane's middle to its right and upper edge. */
  rightMm: { value: Vector3 }
  upMm: { value: Vector3 }
  [name: string]: { value: unknown }
}

/** For a slice that fills a pane. */
export function paneMaterial(shared: SliceUniforms, own: PaneUniforms): RawShaderMaterial {
  return new RawShaderMaterial({
    glslVersion: GLSL3,
    vertexShader: OVER_PANE,
    fragmentShader: SLICE,
    uniforms: { ...shared, ...own },
    depthTest: false,
    depthWrite: false,
  })
}

/** For a plane that stands in the 3D view. */
export function planeMaterial(shared: SliceUniforms): RawShaderMaterial {
  return new RawShaderMaterial({
    glslVersion: GLSL3,
    vertexShader: IN_SPACE,
    fragmentShader: SLICE,
    uniforms: shared,
    side: DoubleSide,
  })
}

export function capMaterial(shared: SliceUniforms, palette: DataTexture): RawShaderMaterial {
  return new RawShaderMaterial({
    glslVersion: GLSL3,
    vertexShader: IN_SPACE,
    fragmentShader: CAP,
    uniforms: { ...shared, palette: { value: palette } },
    side: DoubleSide,
    transparent: true,
  })
}
