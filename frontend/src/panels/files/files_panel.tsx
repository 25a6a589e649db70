import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'

import { httpApi, type Api } from '../../api/client'
import type { Artifact, Job } from '../../api/types'
import { problemText } from '../../i18n/problem_texts'
import { files } from '../../i18n/texts/files'
import { useNames } from '../../i18n/use_names'
import { hashOf } from '../../session/address'
import type { CameraRequests } from '../../session/camera'
import type { SceneStore } from '../../session/scene'
import { CopyButton } from '../../ui/copy_button'
import { Notice } from '../../ui/notice'
import { extensionOf, filesByUse } from './file_groups'
import { FileLink } from './file_link'
import { SingleFiles } from './single_files'
import { useLinks, type Links, type Renewal } from './use_links'

interface FilesPanelProps {
  scene: SceneStore
  camera: CameraRequests
  job: Job
  api?: Pick<Api, 'job'>
}

/** Every file of the result: what it is for, what opens it, how large it is. */
export function FilesPanel({ job, api = httpApi }: FilesPanelProps) {
  const { t } = useTranslation('files')
  const links = useLinks(job, api)
  const { groups, single } = useMemo(() => filesByUse(job.artifacts, job.structures), [job])
  if (job.artifacts.length === 0) return <p className="p-4 text-sm text-muted">{t('none')}</p>
  return (
    <section aria-label={t('title')} className="flex flex-col gap-4 p-3">
      <div className="flex flex-wrap items-center gap-2">
        <CopyButton
          label={t('copyLink')}
          copiedLabel={t('linkCopied')}
          failedLabel={t('copyFailed')}
          text={() => new URL(hashOf({ page: 'job', jobId: job.jobId }), location.href).href}
        />
        <CopyButton
          label={t('copySums')}
          copiedLabel={t('sumsCopied')}
          failedLabel={t('copyFailed')}
          text={() => checksums(job.artifacts)}
        />
        <p className="w-full text-xs text-muted">{t('linkNote')}</p>
      </div>
      <RenewalNotice renewal={links.renewal} />
      {groups.map(({ group, artifacts }) => (
        <section key={group} aria-label={t(`groups.${group}`)}>
          <h3 className="mb-1 text-sm font-semibold">{t(`groups.${group}`)}</h3>
          <ul className="rounded-md border border-line">
            {artifacts.map((artifact) => (
              <FileEntry key={artifact.name} artifact={artifact} links={links} />
            ))}
          </ul>
        </section>
      ))}
      {single.length > 0 && <SingleFiles files={single} links={links} />}
    </section>
  )
}

function FileEntry({ artifact, links }: { artifact: Artifact; links: Links }) {
  const { t } = useTranslation('files')
  const { language } = useNames()
  return (
    <li className="flex items-center gap-3 border-b border-line px-3 py-2 last:border-0">
      <div className="min-w-0 grow">
        <p className="text-sm font-medium break-all">{artifact.name}</p>
        <p className="text-xs text-muted">{formatText(artifact.name, language)}</p>
      </div>
      <FileLink artifact={artifact} links={links}>
        {t('download')}
      </FileLink>
    </li>
  )
}

function formatText(name: string, language: 'en' | 'es'): string {
  const { formats, extensions } = files[language]
  const byName: Readonly<Record<string, string>> = formats
  const byExtension: Readonly<Record<string, string>> = extensions
  return byName[name] ?? byExtension[extensionOf(name)] ?? extensions.unknown
}

function RenewalNotice({ renewal }: { renewal: Renewal }) {
  const { t } = useTranslation('files')
  const { language } = useNames()
  switch (renewal.name) {
    case 'idle':
      return null
    case 'renewing':
      return <Notice kind="info" title={t('renewing')} />
    case 'renewed':
      return <Notice kind="info" title={t('renewed')} />
    case 'gone':
      return <Notice kind="error" title={t('gone')} />
    case 'failed': {
      const { title, hint } = problemText(renewal.problem.code, language, renewal.problem.words)
      return (
        <Notice kind="error" title={t('renewFailed')}>
          <p>{`${title} ${hint}`}</p>
        </Notice>
      )
    }
  }
}

/**
 * As `sha256sum --check` reads them. Files that are compressed for transport are left out: what
 * arrives is unpacked, and no longer what was summed.
 */
function checksums(artifacts: readonly Artifact[]): string {
  return artifacts
    .filter(({ content_encoding }) => content_encoding === null)
    .map(({ sha256, name }) => `${sha256}  ${name}\n`)
    .join('')
}
