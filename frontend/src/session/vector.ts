/** Points in RAS+ millimetres: x grows to the patient's right, y to the front, z to the head. */

export type Vec3 = readonly [number, number, number]

export function distanceMm(a: Vec3, b: Vec3): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2])
}
