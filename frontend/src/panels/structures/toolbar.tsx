import { ChevronsDownUp, ChevronsUpDown, Contrast, Eye, EyeOff } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'

import { useNames } from '../../i18n/use_names'
import { isShown, type SceneStore } from '../../session/scene'
import { Button, IconButton } from '../../ui/button'
import { countShown } from './groups'

interface ToolbarProps {
  scene: SceneStore
  /** What it acts on: what the search found, or everything. */
  names: readonly string[]
  isSearch: boolean
  onFoldAll: (folded: boolean) => void
}

/** What is done to many structures at once. */
export function Toolbar({ scene, names, isSearch, onFoldAll }: ToolbarProps) {
  const { t } = useTranslation('structures')
  const setVisible = (visible: boolean) => scene.getState().setVisible(names, visible)
  return (
    <div className="flex items-center gap-0.5">
      <ShownCount scene={scene} names={names} />
      <IconButton label={t(isSearch ? 'showFound' : 'showAll')} onClick={() => setVisible(true)}>
        <Eye />
      </IconButton>
      <IconButton label={t(isSearch ? 'hideFound' : 'showNone')} onClick={() => setVisible(false)}>
        <EyeOff />
      </IconButton>
      <IconButton
        label={t(isSearch ? 'invertFound' : 'invert')}
        onClick={() => invert(scene, names)}
      >
        <Contrast />
      </IconButton>
      <span aria-hidden className="mx-1 h-5 w-px bg-line" />
      <IconButton label={t('expandAll')} disabled={isSearch} onClick={() => onFoldAll(false)}>
        <ChevronsUpDown />
      </IconButton>
      <IconButton label={t('collapseAll')} disabled={isSearch} onClick={() => onFoldAll(true)}>
        <ChevronsDownUp />
      </IconButton>
    </div>
  )
}

function ShownCount({ scene, names }: { scene: SceneStore; names: readonly string[] }) {
  const { t } = useTranslation('structures')
  const shown = useStore(scene, (state) => countShown(state, names))
  return (
    <p className="grow truncate text-xs text-muted tabular-nums">
      {t('shown', { shown, total: names.length })}
    </p>
  )
}

/** Says that most of the scene is left out on purpose, and how to come back. */
export function SoloNotice({ scene }: { scene: SceneStore }) {
  const { t } = useTranslation('structures')
  const names = useNames()
  const solo = useStore(scene, (state) => state.solo)
  if (solo === null) return null
  const only = scene.getState().structures.filter(({ name }) => solo.has(name))
  const [first] = only
  return (
    <div
      role="status"
      className="flex items-center gap-2 rounded-md bg-warning px-2 py-1 text-xs text-on-warning"
    >
      <span className="grow">
        {only.length === 1 && first !== undefined
          ? t('soloOn', { names: names.structure(first) })
          : t('soloMany', { count: only.length })}
      </span>
      <Button size="small" onClick={() => scene.getState().toggleSolo([...solo])}>
        {t('endSolo')}
      </Button>
    </div>
  )
}

/** What is drawn goes, what is not comes. */
function invert(scene: SceneStore, names: readonly string[]): void {
  const state = scene.getState()
  const shown = names.filter((name) => isShown(state, name))
  const hidden = names.filter((name) => !isShown(state, name))
  state.setVisible(shown, false)
  state.setVisible(hidden, true)
}
