import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { useNames } from '../../i18n/use_names'
import { matching } from '../../session/structure_search'
import { SearchField } from '../../ui/search_field'
import { extensionOf, type SingleFiles as Files } from './file_groups'
import { FileLink } from './file_link'
import type { Links } from './use_links'

/** Folded at first: there may be hundreds. */
export function SingleFiles({ files, links }: { files: readonly Files[]; links: Links }) {
  const { t } = useTranslation('files')
  const names = useNames()
  const [open, setOpen] = useState(false)
  const [query, setQuery] = useState('')
  const found = useMemo(() => {
    const structures = matching(
      files.map(({ structure }) => structure),
      query,
    )
    return files.filter(({ structure }) => structures.includes(structure))
  }, [files, query])
  const count = files.reduce((sum, { artifacts }) => sum + artifacts.length, 0)
  return (
    <details
      className="rounded-md border border-line"
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary className="min-h-10 cursor-pointer rounded-md px-3 py-2.5 text-sm font-semibold hover:bg-raised focus-visible:outline-2 focus-visible:outline-focus">
        {t('single', { count })}
      </summary>
      {open && (
        <div className="flex flex-col gap-2 border-t border-line p-3">
          <p className="text-xs text-muted">{t('singleNote')}</p>
          <SearchField
            label={t('search')}
            clearLabel={t('clearSearch')}
            value={query}
            onChange={setQuery}
          />
          <p role="status" className={found.length === 0 ? 'text-sm text-muted' : 'sr-only'}>
            {found.length === 0 && t('nothingFound', { query })}
          </p>
          <ul>
            {found.map(({ structure, artifacts }) => (
              <li
                key={structure.name}
                data-structure={structure.name}
                className="flex flex-wrap items-center justify-end gap-x-2 gap-y-1 border-b border-line py-1.5 last:border-0"
              >
                <span className="min-w-32 grow text-sm">{names.structure(structure)}</span>
                {artifacts.map((artifact) => (
                  <FileLink key={artifact.name} artifact={artifact} links={links}>
                    {extensionOf(artifact.name).toUpperCase()}
                  </FileLink>
                ))}
              </li>
            ))}
          </ul>
        </div>
      )}
    </details>
  )
}
