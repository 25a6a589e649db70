import { ArrowDown, ArrowUp, ChevronsUpDown } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'

import type { Job } from '../../api/types'
import { useNames } from '../../i18n/use_names'
import type { CameraRequests } from '../../session/camera'
import type { SceneStore } from '../../session/scene'
import { matching } from '../../session/structure_search'
import { classNames } from '../../ui/class_names'
import { SearchField } from '../../ui/search_field'
import { COLUMNS, pressed, sorted, type Column, type Sorting } from './columns'
import { ExportButtons } from './export_buttons'
import { MeshDetails } from './mesh_details'
import { Notes } from './notes'
import { NumbersRow } from './numbers_row'

interface NumbersPanelProps {
  scene: SceneStore
  camera: CameraRequests
  job: Job
}

/** Volumes, densities and surfaces of all structures, as a table that can be taken away. */
export function NumbersPanel({ scene, job }: NumbersPanelProps) {
  const { t } = useTranslation('numbers')
  const names = useNames()
  const structures = useStore(scene, (state) => state.structures)
  const selected = useStore(scene, (state) =>
    state.structures.find(({ name }) => name === state.selected),
  )
  const [query, setQuery] = useState('')
  const [sorting, setSorting] = useState<Sorting>({ column: 'volume', descending: true })
  const found = useMemo(() => matching(structures, query), [structures, query])
  const rows = useMemo(
    () => sorted(found, sorting, names.structure, names.language),
    [found, sorting, names],
  )

  if (structures.length === 0) return <p className="p-4 text-sm text-muted">{t('none')}</p>
  return (
    <section aria-label={t('title')} className="flex h-full min-h-0 flex-col">
      <div className="flex shrink-0 flex-wrap items-center gap-2 border-b border-line p-2">
        <SearchField
          label={t('search')}
          clearLabel={t('clearSearch')}
          value={query}
          onChange={setQuery}
          className="min-w-40 grow"
        />
        <ExportButtons structures={rows} jobId={job.jobId} />
      </div>
      <div
        role="region"
        aria-label={t('caption')}
        tabIndex={0}
        className="relative min-h-0 grow overflow-auto focus-visible:outline-2 focus-visible:-outline-offset-2 focus-visible:outline-focus"
      >
        <table className="w-full border-collapse text-sm">
          <caption className="sr-only">{t('caption')}</caption>
          <thead className="sticky top-0 z-20 bg-surface">
            <tr>
              {COLUMNS.map((column) => (
                <Header
                  key={column}
                  column={column}
                  sorting={sorting}
                  onPress={() => setSorting(pressed(column, sorting))}
                />
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((structure) => (
              <NumbersRow key={structure.name} scene={scene} structure={structure} />
            ))}
          </tbody>
        </table>
        <p role="status" className={rows.length === 0 ? 'p-4 text-sm text-muted' : 'sr-only'}>
          {rows.length === 0 && t('nothingFound', { query })}
        </p>
        <Notes structures={rows} />
      </div>
      {selected !== undefined && <MeshDetails structure={selected} />}
    </section>
  )
}

interface HeaderProps {
  column: Column
  sorting: Sorting
  onPress: () => void
}

function Header({ column, sorting, onPress }: HeaderProps) {
  const { t } = useTranslation('numbers')
  const isSorted = sorting.column === column
  const Arrow = !isSorted ? ChevronsUpDown : sorting.descending ? ArrowDown : ArrowUp
  const unit =
    column === 'volume' || column === 'meanHu' || column === 'surface' ? t(`units.${column}`) : null
  return (
    <th
      scope="col"
      aria-sort={!isSorted ? 'none' : sorting.descending ? 'descending' : 'ascending'}
      data-column={column}
      className={classNames(
        'border-b border-line p-0 text-xs font-semibold',
        column === 'name' && 'sticky start-0 z-10 bg-surface',
      )}
    >
      <button
        type="button"
        className={classNames(
          'flex min-h-10 w-full cursor-pointer items-center gap-1 px-2 py-1 hover:bg-raised focus-visible:outline-2 focus-visible:-outline-offset-2 focus-visible:outline-focus',
          column === 'name' ? 'justify-start text-start' : 'justify-end text-end',
        )}
        onClick={onPress}
      >
        <span>
          {t(`columns.${column}`)}
          {unit !== null && <span className="block font-normal text-muted">{unit}</span>}
        </span>
        <Arrow
          aria-hidden
          className={classNames('size-3.5 shrink-0', isSorted ? 'text-accent-ink' : 'text-muted')}
        />
      </button>
    </th>
  )
}
