import { Download } from 'lucide-react'

import type { Artifact } from '../../api/types'
import { formatBytes } from '../../i18n/formats'
import { useNames } from '../../i18n/use_names'
import type { Links } from './use_links'

/** `children` is what the link shows beside the size; the file's name is spoken between them. */
export function FileLink({
  artifact,
  links,
  children,
}: {
  artifact: Artifact
  links: Links
  children: string
}) {
  const { language } = useNames()
  const size = formatBytes(artifact.size_bytes, language)
  return (
    <a
      href={links.urlOf(artifact)}
      download={artifact.name}
      data-artifact={artifact.name}
      className="relative inline-flex min-h-8 shrink-0 items-center gap-1.5 rounded-md border border-line bg-surface px-2 text-xs font-medium text-ink hover:bg-raised focus-visible:outline-2 focus-visible:outline-focus"
      onClick={(event) => {
        if (!links.follow(artifact)) event.preventDefault()
      }}
    >
      <Download aria-hidden className="size-3.5" />
      <span>
        {children}
        <span className="sr-only"> {artifact.name}</span>
      </span>{' '}
      <span className="text-muted tabular-nums">{size}</span>
    </a>
  )
}
