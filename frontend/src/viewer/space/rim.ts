/** The bright rim of a selected structure: its surface again, blown up by some pixels. */

import { BackSide, ShaderMaterial, Vector2 } from 'three'

const RIM_PIXELS = 2.5

export function rimMaterial(): ShaderMaterial {
  return new ShaderMaterial({
    side: BackSide,
    clipping: true,
    uniforms: {
      pixelsToClip: { value: new Vector2() },
    },
    vertexShader: `
      #include <clipping_planes_pars_vertex>
      uniform vec2 pixelsToClip;
      void main() {
        vec4 mvPosition = modelViewMatrix * vec4(position, 1.0);
        #include <clipping_planes_vertex>
        gl_Position = projectionMatrix * mvPosition;
        vec2 outward = (normalMatrix * normal).xy;
        gl_Position.xy += normalize(outward + 1e-6) * pixelsToClip * gl_Position.w;
      }
    `,
    fragmentShader: `
      #include <clipping_planes_pars_fragment>
      void main() {
        #include <clipping_planes_fragment>
        gl_FragColor = vec4(1.0, 0.86, 0.25, 1.0);
      }
    `,
  })
}

/** Keep the rim's width in pixels, whatever the picture's size. */
export function setRimWidth(
  material: ShaderMaterial,
  width: number,
  height: number,
  scale: number,
): void {
  const pixels = 2 * RIM_PIXELS * scale
  const { value } = material.uniforms['pixelsToClip'] as { value: Vector2 }
  value.set(pixels / width, pixels / height)
}
