/** How a scan is cut into parts. */

/** A part of the scan; a single PUT is one part that holds all of it. */
export interface Part {
  number: number
  from: number
  to: number
}

/** All parts but the last have the same size. */
export function partsOf(totalBytes: number, partBytes: number): Part[] {
  return Array.from({ length: Math.ceil(totalBytes / partBytes) }, (_, index) => ({
    number: index + 1,
    from: index * partBytes,
    to: Math.min((index + 1) * partBytes, totalBytes),
  }))
}
