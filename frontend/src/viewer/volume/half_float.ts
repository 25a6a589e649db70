/** IEEE 754 half precision, which textures of grey values are stored in. */

const LARGEST = 65504

/** The bits of the nearest half float (ties to even); beyond its range the largest one. */
export function halfBits(value: number): number {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0
  const size = Math.min(Math.abs(value), LARGEST)
  if (size < 2 ** -14) return sign | roundHalfEven(size * 2 ** 24) // subnormal
  const exponent = Math.floor(Math.log2(size))
  const mantissa = roundHalfEven((size / 2 ** exponent - 1) * 1024)
  return sign | (((exponent + 15) << 10) + mantissa) // a full mantissa carries over, as it should
}

/** Half floats of `slope · stored + intercept`, by a table of all 16-bit values. */
export function halfFloats(stored: Int16Array, slope: number, intercept: number): Uint16Array {
  const table = new Uint16Array(65536)
  for (let bits = 0; bits < 65536; bits++) {
    table[bits] = halfBits((bits < 32768 ? bits : bits - 65536) * slope + intercept)
  }
  const bits = new Uint16Array(stored.buffer, stored.byteOffset, stored.length)
  const halves = new Uint16Array(stored.length)
  for (let i = 0; i < bits.length; i++) halves[i] = table[bits[i] ?? 0] ?? 0
  return halves
}

function roundHalfEven(value: number): number {
  const below = Math.floor(value)
  const rest = value - below
  if (rest !== 0.5) return Math.round(value)
  return below % 2 === 0 ? below : below + 1
}
