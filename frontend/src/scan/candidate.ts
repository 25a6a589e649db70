/** What the chosen files hold that can be sent as one scan; all of it found in the browser. */

/** Why something cannot be sent; texts of each exist in both languages. */
export type Refusal =
  | 'too_large'
  | 'empty'
  | 'no_image'
  | 'localizer'
  | 'not_a_scan'
  | 'damaged'
  | 'encrypted'
  | 'unsupported'
  | 'wrong_modality'
  | 'too_few_slices'
  | 'no_geometry'
  | 'time_series'
  | 'two_files'

/** A file on the disk, or a member of a zip, which is inflated only when it is read. */
export type ScanFile = Pick<File, 'name' | 'size' | 'arrayBuffer' | 'stream'>

/** Shown to the user alone: nothing of it is sent or stored. */
export interface ScanDescription {
  /** A series' own description, or the file's name. */
  title: string
  /** `CT`, `MR`, …; null where the file does not say. */
  modality: string | null
  /** Voxels along each index axis, as far as the headers tell. */
  shape: readonly number[] | null
  spacingMm: readonly number[] | null
  /** Slices of a DICOM series: its files, or the frames of a multi-frame file. */
  sliceCount: number | null
}

export interface Candidate {
  /** Unique among the chosen files. */
  id: string
  /** `dicom` for every series that could be told apart, within a zip too; such a scan can be
   * packed in two ways. */
  kind: 'nifti' | 'dicom' | 'zip'
  files: readonly ScanFile[]
  /** The zip that holds this series and no other image: it can be sent as it is. */
  archive: File | null
  sizeBytes: number
  description: ScanDescription
  refusal: Refusal | null
  /** A middle slice as a picture, about 128 pixels wide; null where it cannot be decoded here. */
  thumbnail: () => Promise<Blob | null>
}

/** How a DICOM series is sent: its files as they are in a zip, or converted in the page. */
export type Packing = 'zip' | 'nifti'

/** One file, ready to be sent; its name carries nothing of the patient. */
export interface PackedScan {
  blob: Blob
  filename: string
}

/** Whether a task for this modality can take the scan; a scan that names none is allowed. */
export function suitsModality(candidate: Candidate, taskModality: string): boolean {
  const { modality } = candidate.description
  return modality === null || modality === taskModality
}
