import { RotateCcw, TriangleAlert } from 'lucide-react'
import { lazy, Suspense, useState, type ComponentType } from 'react'
import { useTranslation } from 'react-i18next'

import type { Job } from '../api/types'
import type { PageParts } from '../composition'
import { formatDateTime } from '../i18n/formats'
import { useNames } from '../i18n/use_names'
import { AboutPanel } from '../panels/about'
import { FilesPanel } from '../panels/files'
import { NumbersPanel } from '../panels/numbers'
import { CopyLink } from '../panels/progress/copy_link'
import { StructuresPanel } from '../panels/structures'
import type { CameraRequests } from '../session/camera'
import type { SceneStore } from '../session/scene'
import { IconButton } from '../ui/button'
import { Tabs } from '../ui/tabs'
import { ErrorBoundary } from './error_boundary'
import { ScreenHeading } from './screen'
import { loadWorkspace } from './workspace_loading'

interface ResultPartProps {
  scene: SceneStore
  camera: CameraRequests
  job: Job
}

type PanelName = 'structures' | 'numbers' | 'files' | 'about'
const PANELS: readonly (readonly [PanelName, ComponentType<ResultPartProps>])[] = [
  ['structures', StructuresPanel],
  ['numbers', NumbersPanel],
  ['files', FilesPanel],
  ['about', AboutPanel],
]

const Workspace = lazy(loadWorkspace)

/** What was found: to be looked at, counted, taken away. */
export function ResultScreen({ parts, job }: { parts: PageParts; job: Job }) {
  const { t } = useTranslation(['page', 'words'])
  const { language } = useNames()
  const { scene, camera, session } = parts
  const [tab, setTab] = useState<PanelName>('structures')
  const shared = { scene, camera, job }
  return (
    <div
      data-screen="result"
      data-job={job.jobId}
      className="flex grow flex-col lg:min-h-0 lg:flex-row"
    >
      <section
        aria-label={t('workspace')}
        className="relative h-[70dvh] shrink-0 lg:h-auto lg:min-w-0 lg:shrink lg:grow"
      >
        <ErrorBoundary>
          <Suspense
            fallback={
              <p role="status" className="p-4 text-sm text-muted">
                {t('words:loading')}
              </p>
            }
          >
            <Workspace {...shared} />
          </Suspense>
        </ErrorBoundary>
      </section>
      <aside
        aria-label={t('tabs.title')}
        className="flex min-h-[60dvh] flex-col border-line bg-surface max-lg:border-t lg:min-h-0 lg:w-[27rem] lg:shrink-0 lg:border-s"
      >
        <div className="flex items-center gap-2 px-4 py-2.5">
          <div className="min-w-0 grow">
            <ScreenHeading heading={t('headings.result')} className="text-base font-semibold" />
            <p className="truncate text-xs text-muted">
              {job.filename} · {formatDateTime(job.createdAt, language)}
            </p>
          </div>
          <CopyLink compact />
          <IconButton
            label={t('processAgain')}
            data-action="process-again"
            onClick={() => void session.changeOptions()}
          >
            <RotateCcw aria-hidden />
          </IconButton>
        </div>
        {job.warnings.length > 0 && (
          <button
            type="button"
            data-action="warnings"
            className="flex min-h-8 items-center gap-2 bg-warning px-4 py-1 text-start text-xs text-on-warning underline-offset-4 hover:underline focus-visible:outline-2 focus-visible:-outline-offset-2 focus-visible:outline-focus"
            onClick={() => setTab('about')}
          >
            <TriangleAlert aria-hidden className="size-4 shrink-0" />
            {t('warnings', { count: job.warnings.length })}
          </button>
        )}
        <Tabs
          className="grow"
          label={t('tabs.title')}
          value={tab}
          onChange={setTab}
          tabs={PANELS.map(([name, Panel]) => ({
            name,
            title: t(`tabs.${name}`),
            content: (
              <ErrorBoundary>
                <h2 className="sr-only">{t(`tabs.${name}`)}</h2>
                <Panel {...shared} />
              </ErrorBoundary>
            ),
          }))}
        />
      </aside>
    </div>
  )
}
