/** A scan as the one file that is sent. */

import type { Candidate, PackedScan, Packing } from './candidate'

/**
 * Pack a scan; `packing` matters for a DICOM series alone.
 *
 * @param onShare called with the share done, 0 to 1
 * @throws PackingError
 * @throws the signal's reason when it is aborted
 */
export const packScan: (
  candidate: Candidate,
  packing: Packing,
  onShare: (share: number) => void,
  signal: AbortSignal,
) => Promise<PackedScan> = () => {
  throw new Error('not written yet')
}
