/**
 * The free texts of a NIfTI-1 header (nifti1.h): converters write times, sequence names and
 * comments of the DICOM files there.
 */

const TEXTS = [
  { at: 4, bytes: 28 }, // data_type, db_name
  { at: 148, bytes: 80 }, // descrip
  { at: 228, bytes: 24 }, // aux_file
  { at: 328, bytes: 16 }, // intent_name
]
const HEADER_BYTES = 348

/** The same file with blank texts. */
export async function withoutTexts(nifti: Blob): Promise<Blob> {
  const header = new Uint8Array(await nifti.slice(0, HEADER_BYTES).arrayBuffer())
  for (const { at, bytes } of TEXTS) header.fill(0, at, at + bytes)
  return new Blob([header, nifti.slice(HEADER_BYTES)])
}
