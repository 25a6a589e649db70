/** The tree's groups, and what of them is shown. */

import type { Structure } from '../../api/types'
import { isShown, type SceneState } from '../../session/scene'

/** From what one looks for first to what is mostly around it; systems not named here come last. */
const ORDER = [
  'nervous',
  'cardiovascular',
  'respiratory',
  'digestive',
  'urinary',
  'reproductive',
  'endocrine',
  'lymphatic',
  'skeletal',
  'muscular',
  'soft_tissue',
  'integumentary',
  'other',
]

export interface Group {
  system: string
  /** In the order of their label values: as the engine's makers arranged them. */
  structures: readonly Structure[]
  /** Of the same structures. */
  names: readonly string[]
}

export type Eye = 'all' | 'some' | 'none'

export function groupBySystem(structures: readonly Structure[]): Group[] {
  const bySystem = new Map<string, Structure[]>()
  for (const structure of [...structures].sort((a, b) => a.label_value - b.label_value)) {
    const members = bySystem.get(structure.body_system)
    if (members === undefined) bySystem.set(structure.body_system, [structure])
    else members.push(structure)
  }
  return [...bySystem]
    .sort(([one], [other]) => rank(one) - rank(other) || one.localeCompare(other))
    .map(([system, members]) => ({
      system,
      structures: members,
      names: members.map(({ name }) => name),
    }))
}

function rank(system: string): number {
  const place = ORDER.indexOf(system)
  return place < 0 ? ORDER.length : place
}

/** What the eye of a group says: whether all, some or none of them are drawn. */
export function eyeOf(scene: SceneState, names: readonly string[]): Eye {
  const shown = countShown(scene, names)
  return shown === 0 ? 'none' : shown === names.length ? 'all' : 'some'
}

export function countShown(scene: SceneState, names: readonly string[]): number {
  return names.reduce((count, name) => count + Number(isShown(scene, name)), 0)
}

/** The opacity that all of them have; null where they differ. */
export function commonOpacity(scene: SceneState, names: readonly string[]): number | null {
  const [first = 1, ...others] = names.map((name) => scene.opacity[name] ?? 1)
  return others.every((opacity) => opacity === first) ? first : null
}

export function isSolo(scene: SceneState, names: readonly string[]): boolean {
  return scene.solo?.size === names.length && names.every((name) => scene.solo?.has(name))
}
