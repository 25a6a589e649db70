/** Why a scan could not be packed; told apart by class, never by text. */

export abstract class PackingError extends Error {
  /** Texts of each reason exist in both languages. */
  abstract readonly reason: PackingFailure
}

export type PackingFailure =
  'unreadable' | 'too_large' | 'conversion_failed' | 'several_volumes' | 'out_of_memory'

/** A file could not be read any more: moved, deleted or damaged since it was chosen. */
export class UnreadableFile extends PackingError {
  readonly reason = 'unreadable'
}

/** The packed scan is larger than the API takes, or than a zip can be. */
export class PackedTooLarge extends PackingError {
  readonly reason = 'too_large'
}

/** The converter made nothing of the series. */
export class ConversionFailed extends PackingError {
  readonly reason = 'conversion_failed'
}

/** The converter made several volumes, such as phases or a tilted and a corrected one. */
export class SeveralVolumes extends PackingError {
  readonly reason = 'several_volumes'

  constructor(readonly count: number) {
    super(`The series was converted to ${count} volumes.`)
  }
}

/** The page's memory does not hold the conversion. */
export class OutOfMemory extends PackingError {
  readonly reason = 'out_of_memory'
}
