/** Structures for tests of what is seen: what a test does not name does not matter to it. */

import type { Structure } from '../api/types'

export function aStructure(name: string, particulars: Partial<Structure> = {}): Structure {
  return {
    name,
    display_name: name,
    label_value: 1,
    body_system: 'other',
    encloses: false,
    color_rgb: [1, 2, 3],
    snomed_code: null,
    snomed_meaning: null,
    voxels: 1,
    volume_ml: 1,
    mean_hu: null,
    sd_hu: null,
    truncated: false,
    centroid_ras_mm: [0, 0, 0],
    mesh: null,
    ...particulars,
  }
}
