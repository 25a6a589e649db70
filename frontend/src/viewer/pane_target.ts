/** A picture off the screen, so that a pane can be drawn coarser or finer than the screen. */

import {
  BufferAttribute,
  BufferGeometry,
  Camera,
  GLSL3,
  LinearFilter,
  Mesh,
  RawShaderMaterial,
  Scene,
  WebGLRenderTarget,
  type WebGLRenderer,
} from 'three'

import type { Quality } from './quality'

export class PaneTarget {
  private target: WebGLRenderTarget | null = null
  private readonly copying = new Scene()
  private readonly camera = new Camera()
  private readonly uniforms = { picture: { value: null as unknown } }

  constructor() {
    const triangle = new BufferGeometry()
    const corners = new Float32Array([-1, -1, 0, 3, -1, 0, -1, 3, 0])
    triangle.setAttribute('position', new BufferAttribute(corners, 3))
    const material = new RawShaderMaterial({
      glslVersion: GLSL3,
      uniforms: this.uniforms,
      depthTest: false,
      depthWrite: false,
      vertexShader: `
        in vec3 position;
        out vec2 at;
        void main() {
          at = position.xy * 0.5 + 0.5;
          gl_Position = vec4(position.xy, 0.0, 1.0);
        }
      `,
      fragmentShader: `
        precision highp float;
        uniform sampler2D picture;
        in vec2 at;
        out vec4 colour;
        void main() { colour = vec4(texture(picture, at).rgb, 1.0); }
      `,
    })
    const mesh = new Mesh(triangle, material)
    mesh.frustumCulled = false
    this.copying.add(mesh)
  }

  /** Where to draw a picture for so many device pixels. */
  prepare(width: number, height: number, { scale, samples }: Quality): WebGLRenderTarget {
    const w = Math.max(1, Math.round(width * scale))
    const h = Math.max(1, Math.round(height * scale))
    if (this.target?.samples !== samples) {
      this.target?.dispose()
      this.target = null
    }
    this.target ??= new WebGLRenderTarget(w, h, {
      samples,
      minFilter: LinearFilter,
      magFilter: LinearFilter,
      generateMipmaps: false,
    })
    this.target.setSize(w, h)
    this.uniforms.picture.value = this.target.texture
    return this.target
  }

  /** Copy the picture to the current viewport. */
  copyTo(renderer: WebGLRenderer): void {
    renderer.render(this.copying, this.camera)
  }

  dispose(): void {
    this.target?.dispose()
  }
}
