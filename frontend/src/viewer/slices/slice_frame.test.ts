import { describe, expect, it } from 'vitest'

import type { Vec3 } from '../../session/vector'
import { edgeLetters, PLANE_FRAMES, PLANES } from './planes'
import { SliceGeometry, wholeFrame, type Bounds } from './slice_frame'

const BOUNDS: Bounds = { low: [-100, -50, 0], high: [100, 70, 400] }
const SIZE = { width: 600, height: 500 }

function geometryOf(plane: (typeof PLANES)[number], zoom = 1) {
  return new SliceGeometry(plane, BOUNDS, { ...wholeFrame(BOUNDS), zoom }, SIZE)
}

describe('a slice on the screen', () => {
  it('shows the patient’s right on the left of axial and coronal slices', () => {
    for (const plane of ['axial', 'coronal'] as const) {
      const geometry = geometryOf(plane)
      const right = geometry.toScreen([90, 0, 200])
      const left = geometry.toScreen([-90, 0, 200])
      expect(right.x).toBeLessThan(left.x)
    }
  })

  it('shows the front on the left of sagittal slices, and on top of axial ones', () => {
    const sagittal = geometryOf('sagittal')
    expect(sagittal.toScreen([0, 60, 200]).x).toBeLessThan(sagittal.toScreen([0, -40, 200]).x)
    const axial = geometryOf('axial')
    expect(axial.toScreen([0, 60, 200]).y).toBeLessThan(axial.toScreen([0, -40, 200]).y)
  })

  it('shows the head on top of coronal and sagittal slices', () => {
    for (const plane of ['coronal', 'sagittal'] as const) {
      const geometry = geometryOf(plane)
      expect(geometry.toScreen([0, 0, 390]).y).toBeLessThan(geometry.toScreen([0, 0, 10]).y)
    }
  })

  it('names its edges accordingly', () => {
    expect(edgeLetters('axial')).toEqual({ left: 'R', right: 'L', top: 'A', bottom: 'P' })
    expect(edgeLetters('coronal')).toEqual({ left: 'R', right: 'L', top: 'S', bottom: 'I' })
    expect(edgeLetters('sagittal')).toEqual({ left: 'A', right: 'P', top: 'S', bottom: 'I' })
  })

  it('goes from the patient to the screen and back', () => {
    const point: Vec3 = [31, -12, 222]
    for (const plane of PLANES) {
      const geometry = geometryOf(plane, 3)
      const back = geometry.toRasMm(geometry.toScreen(point), point[PLANE_FRAMES[plane].axis])
      for (const axis of [0, 1, 2] as const) expect(back[axis]).toBeCloseTo(point[axis], 9)
    }
  })

  it('holds the whole scan', () => {
    for (const plane of PLANES) {
      const geometry = geometryOf(plane)
      for (const corner of [BOUNDS.low, BOUNDS.high]) {
        const { x, y } = geometry.toScreen(corner)
        expect(x).toBeGreaterThan(0)
        expect(x).toBeLessThan(SIZE.width)
        expect(y).toBeGreaterThan(0)
        expect(y).toBeLessThan(SIZE.height)
      }
    }
  })

  it('is enlarged about the point under the pointer', () => {
    const geometry = geometryOf('coronal', 2)
    const pointer = { x: 123, y: 456 }
    const under = geometry.toRasMm(pointer, 0)
    const larger = new SliceGeometry('coronal', BOUNDS, geometry.zoomedAbout(pointer, 1.5), SIZE)
    expect(larger.frame.zoom).toBe(3)
    expect(larger.mmPerPixel).toBeCloseTo(geometry.mmPerPixel / 1.5, 9)
    expect(larger.toScreen(under).x).toBeCloseTo(pointer.x, 6)
    expect(larger.toScreen(under).y).toBeCloseTo(pointer.y, 6)
  })

  it('keeps the point under the pointer while it is enlarged to the limit', () => {
    const geometry = geometryOf('axial', 15)
    const pointer = { x: 10, y: 20 }
    const under = geometry.toRasMm(pointer, 0)
    const larger = new SliceGeometry('axial', BOUNDS, geometry.zoomedAbout(pointer, 100), SIZE)
    expect(larger.frame.zoom).toBe(20)
    expect(larger.toScreen(under).x).toBeCloseTo(pointer.x, 6)
  })

  it('follows the hand that drags it', () => {
    const geometry = geometryOf('sagittal', 2)
    const point: Vec3 = [0, 10, 100]
    const before = geometry.toScreen(point)
    const after = new SliceGeometry('sagittal', BOUNDS, geometry.panned(30, -20), SIZE)
    expect(after.toScreen(point).x).toBeCloseTo(before.x + 30, 6)
    expect(after.toScreen(point).y).toBeCloseTo(before.y - 20, 6)
  })
})
