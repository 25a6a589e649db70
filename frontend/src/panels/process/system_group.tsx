import { ChevronRight } from 'lucide-react'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'

import type { TaskStructure } from '../../api/types'
import { useNames } from '../../i18n/use_names'
import { Checkbox } from '../../ui/checkbox'
import { IconButton } from '../../ui/button'

interface SystemGroupProps {
  system: string
  structures: readonly TaskStructure[]
  selected: ReadonlySet<string>
  /** Open whatever the user did: a search shows what it finds. */
  expanded: boolean
  onSet: (structures: readonly TaskStructure[], wanted: boolean) => void
}

/** A body system: as a whole by its box, one by one below. */
export function SystemGroup({ system, structures, selected, expanded, onSet }: SystemGroupProps) {
  const { t } = useTranslation('process')
  const names = useNames()
  const [opened, setOpened] = useState(false)
  const listId = useId()
  const open = opened || expanded
  const name = names.bodySystem(system)
  const chosen = structures.filter((structure) => selected.has(structure.name)).length
  const all = chosen === structures.length
  return (
    <li data-system={system}>
      <div className="flex items-center gap-1 px-2 py-1">
        <IconButton
          label={t('expand', { name })}
          aria-expanded={open}
          aria-controls={listId}
          className="size-7"
          onClick={() => setOpened(!open)}
        >
          <ChevronRight aria-hidden className={open ? 'rotate-90' : ''} />
        </IconButton>
        <Checkbox
          className="grow"
          checked={all ? true : chosen > 0 ? 'indeterminate' : false}
          onChange={(wanted) => onSet(structures, wanted)}
          label={<span className="font-medium">{name}</span>}
        />
        <span className="text-xs text-muted tabular-nums">
          {t('ofSystem', { chosen, total: structures.length })}
        </span>
      </div>
      {open && (
        <ul
          id={listId}
          className="grid grid-cols-[repeat(auto-fill,minmax(min(14rem,100%),1fr))] gap-x-3 ps-11 pe-2 pb-2"
        >
          {structures.map((structure) => (
            <li key={structure.name} data-structure={structure.name}>
              <Checkbox
                checked={selected.has(structure.name)}
                onChange={(wanted) => onSet([structure], wanted)}
                label={names.structure(structure)}
              />
            </li>
          ))}
        </ul>
      )}
    </li>
  )
}
