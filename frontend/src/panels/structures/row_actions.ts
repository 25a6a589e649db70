/** What the keyboard does to the row that has the focus. */

import type { CameraRequests } from '../../session/camera'
import type { SceneStore } from '../../session/scene'
import { toggleEye } from './row_parts'
import type { RowActions } from './tree_keys'
import type { Tree } from './tree_state'

export function rowActions(scene: SceneStore, camera: CameraRequests, tree: Tree): RowActions {
  const fold = (row: HTMLElement, folded: boolean) => {
    const system = row.dataset['group']
    if (system !== undefined) tree.getState().fold([system], folded)
  }
  return {
    toggleEye: (row) => toggleEye(scene, namesOf(row)),
    toggleSolo: (row) => scene.getState().toggleSolo(namesOf(row)),
    fit: (row) => camera.ask({ kind: 'fit', names: namesOf(row) }),
    fold,
    choose: (row) => {
      const name = row.dataset['structure']
      if (name === undefined) fold(row, row.getAttribute('aria-expanded') === 'true')
      else scene.getState().select(name)
    },
    unfoldAll: () => tree.setState({ folded: new Set() }),
  }

  /** A group stands for all of its structures, those that a search leaves out excepted. */
  function namesOf(row: HTMLElement): string[] {
    const { structure, group, names } = row.dataset
    if (structure !== undefined) return [structure]
    return group === undefined || names === undefined ? [] : names.split(' ')
  }
}
