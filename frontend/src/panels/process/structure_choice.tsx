import { useDeferredValue, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'

import type { Task, TaskStructure } from '../../api/types'
import { useNames } from '../../i18n/use_names'
import { matching } from '../../session/structure_search'
import { Button } from '../../ui/button'
import { SearchField } from '../../ui/search_field'
import { Segmented } from '../../ui/segmented'
import { Field } from './field'
import { SystemGroup } from './system_group'

interface StructureChoiceProps {
  task: Task
  /** Names; null for all of them. */
  chosen: readonly string[] | null
  onChange: (chosen: string[] | null) => void
}

/** All structures of a task, or some: whole body systems or one by one. */
export function StructureChoice({ task, chosen, onChange }: StructureChoiceProps) {
  const { t } = useTranslation('process')
  const total = task.structures.length
  return (
    <Field title={t('structures')}>
      {() => (
        <div className="space-y-3">
          <Segmented
            label={t('structures')}
            className="flex w-full"
            value={chosen === null ? 'all' : 'some'}
            options={[
              { name: 'all', label: t('all', { count: total }) },
              { name: 'some', label: t('some') },
            ]}
            onChange={(name) => onChange(name === 'all' ? null : [])}
          />
          {chosen !== null && <Picker task={task} chosen={chosen} onChange={onChange} />}
        </div>
      )}
    </Field>
  )
}

function Picker({
  task,
  chosen,
  onChange,
}: {
  task: Task
  chosen: readonly string[]
  onChange: (chosen: string[]) => void
}) {
  const { t } = useTranslation('process')
  const names = useNames()
  const [query, setQuery] = useState('')
  const wanted = useDeferredValue(query)
  const selected = useMemo(() => new Set(chosen), [chosen])
  const groups = useMemo(
    () => bySystem(matching(task.structures, wanted), names.bodySystem),
    [task, wanted, names],
  )
  const set = (changed: readonly TaskStructure[], wants: boolean) => {
    const next = new Set(selected)
    for (const { name } of changed) {
      if (wants) next.add(name)
      else next.delete(name)
    }
    // In the task's order: the same choice is the same request.
    onChange(task.structures.map(({ name }) => name).filter((name) => next.has(name)))
  }
  return (
    <div className="space-y-2">
      <SearchField
        label={t('search')}
        clearLabel={t('clearSearch')}
        value={query}
        onChange={setQuery}
      />
      <div className="flex items-center justify-between gap-2">
        <p role="status" className="text-xs text-muted">
          {t('chosen', { chosen: chosen.length, total: task.structures.length })}
        </p>
        <Button
          size="small"
          variant="ghost"
          disabled={chosen.length === 0}
          onClick={() => onChange([])}
        >
          {t('clear')}
        </Button>
      </div>
      <ul className="max-h-80 divide-y divide-line overflow-y-auto rounded-md border border-line">
        {groups.map(([system, structures]) => (
          <SystemGroup
            key={system}
            system={system}
            structures={structures}
            selected={selected}
            expanded={wanted.trim() !== ''}
            onSet={set}
          />
        ))}
        {groups.length === 0 && (
          <li className="p-3 text-sm text-muted">{t('nothingFound', { query: wanted })}</li>
        )}
      </ul>
    </div>
  )
}

function bySystem(
  structures: readonly TaskStructure[],
  nameOf: (system: string) => string,
): [system: string, structures: TaskStructure[]][] {
  const groups = new Map<string, TaskStructure[]>()
  for (const structure of structures) {
    groups.set(structure.body_system, [...(groups.get(structure.body_system) ?? []), structure])
  }
  return [...groups].sort(([a], [b]) => nameOf(a).localeCompare(nameOf(b)))
}
