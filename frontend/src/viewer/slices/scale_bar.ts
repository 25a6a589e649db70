/** A scale bar of a round length. */

export interface ScaleBar {
  readonly lengthMm: number
  readonly pixels: number
  /** Such as `5 cm` or `2 mm`: SI symbols, the same in all languages. */
  readonly label: string
}

/** The longest bar of 1, 2 or 5 times a power of ten mm that is no longer than `maxPixels`. */
export function scaleBar(mmPerPixel: number, maxPixels: number): ScaleBar {
  const maxMm = mmPerPixel * maxPixels
  const decade = 10 ** Math.floor(Math.log10(maxMm))
  const factor = [5, 2, 1].find((each) => each * decade <= maxMm) ?? 1
  const lengthMm = factor * decade
  const label =
    lengthMm >= 10
      ? `${Number((lengthMm / 10).toPrecision(3))} cm`
      : `${Number(lengthMm.toPrecision(3))} mm`
  return { lengthMm, pixels: lengthMm / mmPerPixel, label }
}
