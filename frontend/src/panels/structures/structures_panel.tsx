import { useEffect, useId, useMemo, useRef, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'

import type { Job } from '../../api/types'
import type { CameraRequests } from '../../session/camera'
import type { SceneStore } from '../../session/scene'
import { SearchField } from '../../ui/search_field'
import { GroupItem } from './group_item'
import { groupBySystem } from './groups'
import { matching } from '../../session/structure_search'
import { rowActions } from './row_actions'
import { SoloNotice, Toolbar } from './toolbar'
import { TreeKeys } from './tree_keys'
import { rowOf, treeOf } from './tree_state'

interface StructuresPanelProps {
  scene: SceneStore
  camera: CameraRequests
  job: Job
}

/** The tree of structures by body system. It follows the search, and no change of what is shown. */
export function StructuresPanel({ scene, camera }: StructuresPanelProps) {
  const { t } = useTranslation('structures')
  const tree = treeOf(scene)
  const structures = useStore(scene, (state) => state.structures)
  const query = useStore(tree, (state) => state.query)
  const found = useMemo(() => matching(structures, query), [structures, query])
  const groups = useMemo(() => groupBySystem(found), [found])
  const names = useMemo(() => found.map(({ name }) => name), [found])
  const keys = useMemo(() => new TreeKeys(rowActions(scene, camera, tree)), [scene, camera, tree])
  const list = useRef<HTMLDivElement>(null)
  const hintId = useId()
  const isSearch = query.trim() !== ''

  useEffect(() => {
    const reveal = (name: string | null) => {
      const structure = scene.getState().structures.find((one) => one.name === name)
      if (structure === undefined) return
      const { search, fold, activate, query: current } = tree.getState()
      if (!matching([structure], current).includes(structure)) search('')
      fold([structure.body_system], false)
      activate(rowOf.structure(structure.name))
    }
    reveal(scene.getState().selected)
    return scene.subscribe((state, before) => {
      if (state.selected !== before.selected) reveal(state.selected)
    })
  }, [scene, tree])

  // Tab must lead to a row that is there: the first one, where that of before is folded or filtered.
  useEffect(() => {
    const lead = () => {
      const rows = [...(list.current?.querySelectorAll<HTMLElement>('[role=treeitem]') ?? [])]
      const { active, activate } = tree.getState()
      const first = rows[0]?.dataset['row']
      if (first !== undefined && !rows.some((row) => row.dataset['row'] === active)) activate(first)
    }
    lead()
    return tree.subscribe((state, before) => {
      if (state.folded !== before.folded) requestAnimationFrame(lead)
    })
  }, [tree, groups])

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const row = event.target as HTMLElement // an element of the tree, being the event's own
    if (event.ctrlKey || event.altKey || event.metaKey) return
    if (row.getAttribute('role') !== 'treeitem') return // a button or a slider in the row
    if (!keys.press(event.currentTarget, row, event)) return
    event.preventDefault()
    event.stopPropagation()
  }

  if (structures.length === 0) return <p className="p-4 text-sm text-muted">{t('none')}</p>
  return (
    <section aria-label={t('title')} className="flex h-full min-h-0 flex-col">
      <div className="flex shrink-0 flex-col gap-1 border-b border-line p-2">
        <SearchField
          label={t('search')}
          clearLabel={t('clearSearch')}
          value={query}
          onChange={(text) => tree.getState().search(text)}
        />
        <Toolbar
          scene={scene}
          names={names}
          isSearch={isSearch}
          onFoldAll={(folded) =>
            tree.getState().fold(
              groups.map(({ system }) => system),
              folded,
            )
          }
        />
        <SoloNotice scene={scene} />
        <p role="status" className={found.length === 0 ? 'p-2 text-sm text-muted' : 'sr-only'}>
          {found.length === 0
            ? t('nothingFound', { query })
            : isSearch && t('found', { count: found.length })}
        </p>
      </div>
      <p id={hintId} className="sr-only">
        {t('treeHint')}
      </p>
      {found.length > 0 && (
        <div
          ref={list}
          role="tree"
          aria-label={t('tree')}
          aria-describedby={hintId}
          className="relative min-h-0 grow overflow-y-auto px-1 pb-4"
          onKeyDown={onKeyDown}
          onFocus={(event) => {
            const row = event.target.closest<HTMLElement>('[role=treeitem]')?.dataset['row']
            if (row !== undefined) tree.getState().activate(row)
          }}
        >
          {groups.map((group, index) => (
            <GroupItem
              key={group.system}
              scene={scene}
              camera={camera}
              tree={tree}
              group={group}
              position={index + 1}
              groupCount={groups.length}
              forcedOpen={isSearch}
            />
          ))}
        </div>
      )}
    </section>
  )
}
