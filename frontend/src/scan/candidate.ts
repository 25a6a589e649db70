/** What the chosen files hold that can be sent as one scan; all of it found in the browser. */

/** Why something cannot be sent; texts of each exist in both languages. */
export type Refusal =
  | 'too_large'
  | 'empty'
  | 'no_image'
  | 'not_a_scan'
  | 'damaged'
  | 'wrong_modality'
  | 'too_few_slices'

/** Shown to the user alone: nothing of it is sent or stored. */
export interface ScanDescription {
  /** A series' own description, or the file's name. */
  title: string
  /** `CT`, `MR`, …; null where the file does not say. */
  modality: string | null
  /** Voxels along each index axis, as far as the headers tell. */
  shape: readonly number[] | null
  spacingMm: readonly number[] | null
  /** DICOM files of the series. */
  sliceCount: number | null
}

export interface Candidate {
  /** Unique among the chosen files. */
  id: string
  kind: 'nifti' | 'dicom' | 'zip'
  files: readonly File[]
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
