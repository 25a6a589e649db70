import { ChevronDown, ChevronRight } from 'lucide-react'
import { memo, useId } from 'react'
import { useStore } from 'zustand'

import { useNames } from '../../i18n/use_names'
import type { CameraRequests } from '../../session/camera'
import type { SceneStore } from '../../session/scene'
import { countShown, eyeOf, type Group } from './groups'
import { EyeButton, OpacityPopover, SoloButton } from './row_parts'
import { StructureRow } from './structure_row'
import { rowOf, type Tree } from './tree_state'

interface GroupItemProps {
  scene: SceneStore
  camera: CameraRequests
  tree: Tree
  group: Group
  /** Among the groups, from 1. */
  position: number
  groupCount: number
  /** A search shows what it found, whether its group is folded or not. */
  forcedOpen: boolean
}

const ARIA_CHECKED = { all: true, some: 'mixed', none: false } as const

/**
 * A body system: what it does applies to all of its structures. Their rows stand beside its own,
 * not in it, so that a row's name is all that is written in it.
 */
export const GroupItem = memo(function GroupItem(props: GroupItemProps) {
  const { scene, camera, tree, group, position, groupCount, forcedOpen } = props
  const { system, names } = group
  const label = useNames().bodySystem(system)
  const eye = useStore(scene, (state) => eyeOf(state, names))
  const folded = useStore(tree, (state) => state.folded.has(system)) && !forcedOpen
  const active = useStore(tree, (state) => state.active === rowOf.group(system))
  const nameId = useId()
  const subject = { scene, names, label, reachable: active }
  const Chevron = folded ? ChevronRight : ChevronDown
  return (
    <div className="pb-1">
      <div
        role="treeitem"
        aria-level={1}
        aria-posinset={position}
        aria-setsize={groupCount}
        aria-expanded={!folded}
        aria-labelledby={nameId}
        aria-checked={ARIA_CHECKED[eye]}
        tabIndex={active ? 0 : -1}
        data-row={rowOf.group(system)}
        data-group={system}
        data-names={names.join(' ')}
        data-label={label}
        className="sticky top-0 z-10 flex min-h-9 items-center gap-1 rounded-md bg-surface pe-1 focus-visible:outline-2 focus-visible:-outline-offset-2 focus-visible:outline-focus"
      >
        <EyeButton {...subject} />
        <span
          id={nameId}
          className="flex min-w-0 grow cursor-pointer items-center gap-1 self-stretch text-sm font-semibold"
          onClick={() => tree.getState().fold([system], !folded)}
        >
          <Chevron aria-hidden className="size-4 shrink-0 text-muted" />
          <span className="grow truncate">{label}</span> <ShownOf scene={scene} names={names} />
        </span>
        <OpacityPopover {...subject} />
        <SoloButton {...subject} />
      </div>
      {!folded && <Rows scene={scene} camera={camera} tree={tree} group={group} />}
    </div>
  )
})

function ShownOf({ scene, names }: { scene: SceneStore; names: readonly string[] }) {
  const shown = useStore(scene, (state) => countShown(state, names))
  return (
    <span className="text-xs font-normal text-muted tabular-nums">
      {`${shown}/${names.length}`}
    </span>
  )
}

/** Apart from its group, so that the group's eye changes without a look at the rows. */
const Rows = memo(function Rows({
  group: { structures },
  ...shared
}: Pick<GroupItemProps, 'scene' | 'camera' | 'tree' | 'group'>) {
  return structures.map((structure, index) => (
    <StructureRow
      key={structure.name}
      structure={structure}
      position={index + 1}
      groupSize={structures.length}
      {...shared}
    />
  ))
})
