/** What a file's first bytes say it is. Names are for people; bytes decide. */

/** Enough to tell every kind: the length of a NIfTI-2 header. */
export const HEAD_BYTES = 540

export type ContentKind = 'nifti' | 'nifti_header' | 'dicom' | 'zip' | 'gzip'

const startsWith = (head: Uint8Array, bytes: readonly number[], at = 0) =>
  bytes.every((byte, index) => head[at + index] === byte)

const ascii = (text: string) => Array.from(text, (letter) => letter.charCodeAt(0))
const ZIP_STARTS = [ascii('PK\x03\x04'), ascii('PK\x05\x06')]

/** The kind of a file by its start; null for what is no scan. */
export function kindOf(head: Uint8Array): ContentKind | null {
  if (startsWith(head, [0x1f, 0x8b, 0x08])) return 'gzip'
  if (ZIP_STARTS.some((start) => startsWith(head, start))) return 'zip'
  if (isDicom(head)) return 'dicom'
  return niftiKindOf(head)
}

/** NIfTI-1 and NIfTI-2 of either byte order; `nifti_header` is the .hdr of a two-file image. */
export function niftiKindOf(head: Uint8Array): 'nifti' | 'nifti_header' | null {
  const version1 = startsWith(head, [0x5c, 1, 0, 0]) || startsWith(head, [0, 0, 1, 0x5c])
  const version2 = startsWith(head, [0x1c, 2, 0, 0]) || startsWith(head, [0, 0, 2, 0x1c])
  if (version1 && startsWith(head, ascii('n+1\0'), 344)) return 'nifti'
  if (version1 && startsWith(head, ascii('ni1\0'), 344)) return 'nifti_header'
  if (version2 && startsWith(head, ascii('n+2\0'), 4)) return 'nifti'
  if (version2 && startsWith(head, ascii('ni2\0'), 4)) return 'nifti_header'
  return null
}

/**
 * 128 free bytes and `DICM` (PS3.10, section 7.1). Old exports lack both: they start with the first
 * element of group 0002 or 0008, in little endian.
 */
export function isDicom(head: Uint8Array): boolean {
  if (startsWith(head, ascii('DICM'), 128)) return true
  const [group, , element] = head
  if (element === undefined || head[1] !== 0 || head[3] !== 0) return false
  if (group === 2) return [0, 1, 2].includes(element)
  return group === 8 && [0, 1, 5, 8].includes(element)
}
