/** Small grey pictures of slices. */

/** Numbers in rows from top to bottom, each from left to right as it is seen. */
export interface GreySlice {
  width: number
  height: number
  values: Float32Array
}

export const THUMBNAIL_PIXELS = 128

/** The largest picture with a slice's proportions in mm; no side has more than `box` pixels. */
export function fittedSize(
  widthMm: number,
  heightMm: number,
  box = THUMBNAIL_PIXELS,
): { width: number; height: number } {
  const scale = box / Math.max(widthMm, heightMm)
  const pixels = (mm: number) => Math.min(box, Math.max(1, Math.round(mm * scale)))
  return { width: pixels(widthMm), height: pixels(heightMm) }
}

/** Which of `count` samples lies under the centre of each of `pixels` pixels. */
export function nearestSamples(pixels: number, count: number): number[] {
  return Array.from({ length: pixels }, (_, pixel) =>
    Math.min(count - 1, Math.floor(((pixel + 0.5) * count) / pixels)),
  )
}

export interface GreyWindow {
  low: number
  high: number
}

/** Centre 40, width 400 HU: the window in which organs of the trunk are usually read. */
export const SOFT_TISSUE: GreyWindow = { low: -160, high: 240 }

/** CT has air around the patient; other modalities have no values like it. */
const AIR_BELOW_HU = -500

/** Soft tissue for CT, or what looks like it; else from the 2nd to the 98th percentile. */
export function windowFor(values: Float32Array, modality: string | null): GreyWindow {
  const sorted = values.filter(Number.isFinite).sort()
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] ?? 0
  if (modality === 'CT' || (modality === null && at(0) < AIR_BELOW_HU)) return SOFT_TISSUE
  const low = at(0.02)
  return { low, high: Math.max(at(0.98), low + Number.EPSILON) }
}

/** Grey from 0 to 255. */
export function greyLevels(values: Float32Array, { low, high }: GreyWindow): Uint8ClampedArray {
  const levels = new Uint8ClampedArray(values.length)
  values.forEach((value, index) => (levels[index] = ((value - low) / (high - low)) * 255))
  return levels
}

/** A slice as PNG; null where the browser cannot paint without a document. */
export async function pngOf(slice: GreySlice, window: GreyWindow): Promise<Blob | null> {
  const canvas = new OffscreenCanvas(slice.width, slice.height)
  const context = canvas.getContext('2d')
  if (context === null) return null
  const image = context.createImageData(slice.width, slice.height)
  greyLevels(slice.values, window).forEach((level, index) =>
    image.data.set([level, level, level, 255], index * 4),
  )
  context.putImageData(image, 0, 0)
  return canvas.convertToBlob()
}

/** A picture that the browser decodes, such as JPEG, in the proportions of its slice. */
export async function shrunk(
  picture: Blob,
  size: { width: number; height: number },
): Promise<Blob | null> {
  const bitmap = await createImageBitmap(picture)
  const canvas = new OffscreenCanvas(size.width, size.height)
  const context = canvas.getContext('2d')
  context?.drawImage(bitmap, 0, 0, size.width, size.height)
  bitmap.close()
  return context === null ? null : canvas.convertToBlob()
}
