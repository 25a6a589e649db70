/** The files of a result in groups, as one looks for them. */

import type { Artifact, Structure } from '../../api/types'

export const GROUPS = ['everything', 'model', 'labels', 'tables', 'pictures', 'other'] as const
export type FileGroup = (typeof GROUPS)[number]

export interface SingleFiles {
  structure: Structure
  artifacts: readonly Artifact[]
}

export interface FilesByUse {
  groups: readonly { group: FileGroup; artifacts: readonly Artifact[] }[]
  /** Those of one structure each, in the structures' order. */
  single: readonly SingleFiles[]
}

/** The first that matches; names are flat, and those of the whole model are reserved. */
const RULES: readonly [RegExp, FileGroup][] = [
  [/\.zip$/, 'everything'],
  [/^model\./, 'model'],
  [/\.(nii(\.gz)?|dcm)$/, 'labels'],
  [/\.(csv|json|pdf|html)$/, 'tables'],
  [/\.(png|jpg|webp)$/, 'pictures'],
]

export function filesByUse(
  artifacts: readonly Artifact[],
  structures: readonly Structure[],
): FilesByUse {
  const names = new Set(structures.map(({ name }) => name))
  const single = new Map<string, Artifact[]>()
  const grouped = new Map<FileGroup, Artifact[]>()
  for (const artifact of artifacts) {
    const stem = artifact.name.replace(/\.\w+$/, '')
    if (names.has(stem)) add(single, stem, artifact)
    else add(grouped, groupOf(artifact.name), artifact)
  }
  return {
    groups: GROUPS.flatMap((group) => {
      const members = grouped.get(group)
      return members === undefined ? [] : [{ group, artifacts: members }]
    }),
    single: structures.flatMap((structure) => {
      const members = single.get(structure.name)
      return members === undefined ? [] : [{ structure, artifacts: members }]
    }),
  }
}

function groupOf(name: string): FileGroup {
  return RULES.find(([pattern]) => pattern.test(name))?.[1] ?? 'other'
}

function add<Key>(map: Map<Key, Artifact[]>, key: Key, artifact: Artifact): void {
  const members = map.get(key)
  if (members === undefined) map.set(key, [artifact])
  else members.push(artifact)
}

/** `nii` of `x.nii.gz`, `stl` of `liver.stl`. */
export function extensionOf(name: string): string {
  return /\.(\w+)$/.exec(name.replace(/\.gz$/, ''))?.[1] ?? ''
}
