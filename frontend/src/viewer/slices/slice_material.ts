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
  uniform mat4 voxelFromRasMm;
  uniform vec3 dims;
  uniform vec2 huWindow;
  uniform float outline;
  in vec3 pointRasMm;
  out vec4 colour;

  vec3 voxelAt(vec3 point) { return (voxelFromRasMm * vec4(point, 1.0)).xyz + 0.5; }
  bool outside(vec3 voxel) { return any(lessThan(voxel, vec3(0.0))) || any(greaterThanEqual(voxel, dims)); }
  vec4 labelColour(vec3 voxel) {
    if (outside(voxel)) return vec4(0.0);
    ivec3 last = textureSize(labels, 0) - 1;
    uint label = texelFetch(labels, min(ivec3(voxel), last), 0).r;
    return texelFetch(palette, ivec2(int(label), 0), 0);
  }
`

const SLICE = `
  ${SAMPLING}
  bool differs(vec4 own, vec3 step) {
    vec4 other = labelColour(voxelAt(pointRasMm + step));
    return any(notEqual(own, other));
  }
  void main() {
    // Before any discard, while all neighbours are still computed.
    vec3 alongX = dFdx(pointRasMm) * max(outline, 1.0);
    vec3 alongY = dFdy(pointRasMm) * max(outline, 1.0);
    vec3 voxel = voxelAt(pointRasMm);
    if (outside(voxel)) discard;
    float grey = clamp((texture(ct, voxel / dims).r - huWindow.x) / huWindow.y + 0.5, 0.0, 1.0);
    vec4 over = labelColour(voxel);
    if (outline > 0.0 && over.a > 0.0) {
      bool edge = differs(over, alongX) || differs(over, -alongX) || differs(over, alongY) || differs(over, -alongY);
      over.a = edge ? 1.0 : 0.0;
    }
    colour = vec4(mix(vec3(grey), over.rgb, over.a), 1.0);
  }
`

/** Faces where a clipping plane cuts structures: the label map's colours alone. */
const CAP = `
  ${SAMPLING}
  void main() {
    vec4 over = labelColour(voxelAt(pointRasMm));
    if (over.a == 0.0) discard;
    colour = vec4(over.rgb * 0.92, over.a);
  }
`

/** A triangle over the whole pane; where it lies in the patient is interpolated. */
const OVER_PANE = `
  precision highp float;
  in vec3 position;
  uniform vec3 centreRasMm;
  uniform vec3 rightMm;
  uniform vec3 upMm;
  out vec3 pointRasMm;
  void main() {
    pointRasMm = centreRasMm + position.x * rightMm + position.y * upMm;
    gl_Position = vec4(position.xy, 0.0, 1.0);
  }
`

const IN_SPACE = `
  precision highp float;
  in vec3 position;
  uniform mat4 modelMatrix;
  uniform mat4 viewMatrix;
  uniform mat4 projectionMatrix;
  out vec3 pointRasMm;
  void main() {
    vec4 point = modelMatrix * vec4(position, 1.0);
    pointRasMm = point.xyz;
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
