/** What the API takes; it checks the same again. */

export const MAX_SCAN_BYTES = 5 * 2 ** 30

/** Fewer slices have no inside: nothing to segment or to mesh. */
export const MIN_VOXELS_PER_AXIS = 3

/** In one archive. */
export const MAX_FILES = 50_000
