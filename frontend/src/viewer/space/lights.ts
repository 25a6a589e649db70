/** Lights that go along with the camera. */

import { AmbientLight, DirectionalLight, Group, type PerspectiveCamera } from 'three'

import type { Lighting } from '../../session/scene'

/** three divides diffuse light by π. */
const FULL = Math.PI

interface Lamp {
  readonly intensity: number
  /** In the camera's axes: right, up, towards the viewer. */
  readonly from: readonly [number, number, number]
}

/**
 * What faces all the lamps of a rig best reflects just less than its whole colour: bone is nearly
 * white, and brighter light would burn its shape out. `preview.png` has studio's light.
 */
const RIGS: Readonly<Record<Lighting, { ambient: number; lamps: readonly Lamp[] }>> = {
  headlight: { ambient: 0.32, lamps: [{ intensity: 0.64, from: [0.15, 0.25, 1] }] },
  studio: {
    ambient: 0.36,
    lamps: [
      { intensity: 0.6, from: [-0.5, 0.7, 0.9] },
      { intensity: 0.22, from: [0.9, -0.2, 0.6] },
    ],
  },
  flat: { ambient: 0.66, lamps: [{ intensity: 0.32, from: [0, 0, 1] }] },
}

export class Lights {
  private readonly ambient = new AmbientLight(0xffffff)
  private readonly lamps = new Group()

  constructor(camera: PerspectiveCamera) {
    camera.add(this.ambient, this.lamps)
  }

  use(lighting: Lighting): void {
    const { ambient, lamps } = RIGS[lighting]
    this.ambient.intensity = ambient * FULL
    this.lamps.clear()
    for (const { intensity, from } of lamps) {
      const lamp = new DirectionalLight(0xffffff, intensity * FULL)
      lamp.position.set(...from)
      this.lamps.add(lamp, lamp.target)
    }
  }
}
