import { Download } from 'lucide-react'
import { useTranslation } from 'react-i18next'

import type { Artifact } from '../../api/types'
import { formatBytes } from '../../i18n/formats'
import { useNames } from '../../i18n/use_names'
import type { Links } from './use_links'

/** `children` is what the link shows; its name says what is downloaded, and how much of it. */
export function FileLink({
  artifact,
  links,
  children,
}: {
  artifact: Artifact
  links: Links
  children: string
}) {
  const { t } = useTranslation('files')
  const { language } = useNames()
  const size = formatBytes(artifact.size_bytes, language)
  return (
    <a
      href={links.urlOf(artifact)}
      download={artifact.name}
      aria-label={t('download', { name: artifact.name, size })}
      data-artifact={artifact.name}
      className="inline-flex min-h-8 shrink-0 items-center gap-1.5 rounded-md border border-line bg-surface px-2 text-xs font-medium text-ink hover:bg-raised focus-visible:outline-2 focus-visible:outline-focus"
      onClick={(event) => {
        if (!links.follow(artifact)) event.preventDefault()
      }}
    >
      <Download aria-hidden className="size-3.5" />
      <span>{children}</span>
      <span className="text-muted tabular-nums">{size}</span>
    </a>
  )
}
