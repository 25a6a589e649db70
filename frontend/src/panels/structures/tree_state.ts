/** What only the tree knows: which groups are folded, what is looked for, which row has the focus. */

import { createStore, type StoreApi } from 'zustand/vanilla'

import type { SceneStore } from '../../session/scene'

export interface TreeState {
  readonly query: string
  readonly folded: ReadonlySet<string>
  /** The one row that Tab leads to; null while it is the first one. */
  readonly active: string | null
  search: (query: string) => void
  fold: (systems: readonly string[], folded: boolean) => void
  activate: (row: string) => void
}

export type Tree = StoreApi<TreeState>

/** Rows by what they stand for; a system and a structure may have the same name. */
export const rowOf = {
  group: (system: string) => `group:${system}`,
  structure: (name: string) => `structure:${name}`,
} as const

function createTree(): Tree {
  return createStore<TreeState>()((set) => ({
    query: '',
    folded: new Set(),
    active: null,
    search: (query) => set({ query }),
    fold: (systems, folded) =>
      set((state) => {
        const changed = new Set(state.folded)
        for (const system of systems) {
          if (folded) changed.add(system)
          else changed.delete(system)
        }
        return { folded: changed }
      }),
    activate: (active) => set({ active }),
  }))
}

const trees = new WeakMap<SceneStore, Tree>()

/** A scene's tree: it outlives the panel, which goes whenever another tab is opened. */
export function treeOf(scene: SceneStore): Tree {
  let tree = trees.get(scene)
  if (tree === undefined) {
    tree = createTree()
    trees.set(scene, tree)
  }
  return tree
}
