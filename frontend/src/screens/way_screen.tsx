import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'

import { JobsPanel } from '../panels/jobs/jobs_panel'
import { ProblemView } from '../panels/problem/problem_view'
import { EndedView } from '../panels/progress/ended_view'
import { ProcessingView } from '../panels/progress/processing_view'
import { SubmittingView } from '../panels/progress/submitting_view'
import { DropZone, PackingPanel, ReadingPanel, UploadPanel } from '../panels/start'
import type { PageParts } from '../composition'
import { Button } from '../ui/button'
import { ChoosingScreen } from './choosing_screen'
import { ResultScreen } from './result_screen'
import { Screen } from './screen'

interface WayScreenProps {
  parts: PageParts
  onNewScan: () => void
}

/** The screen of the state that the session is in. */
export function WayScreen({ parts, onNewScan }: WayScreenProps) {
  const { t } = useTranslation(['page', 'words'])
  const { session, tasks, jobs } = parts
  const state = useStore(session.store)
  const tryAgain = () => void session.tryAgain()
  const otherOptions = () => void session.changeOptions()

  switch (state.name) {
    case 'start':
      return (
        <Screen key="start" name="start" heading={t('headings.start')}>
          <div className="space-y-8">
            {state.problem !== null && <ProblemView problem={state.problem} />}
            <DropZone onFiles={(files) => void session.chooseFiles(files)} />
            <JobsPanel
              list={jobs}
              quiet
              onRetry={({ jobId, options }) => {
                if (options !== null) void session.processAgain(jobId, options)
              }}
            />
          </div>
        </Screen>
      )
    case 'reading':
      return (
        <Screen key="reading" name="reading" heading={t('headings.reading')}>
          <ReadingPanel progress={state.progress} onCancel={onNewScan} />
        </Screen>
      )
    case 'choosing':
      return <ChoosingScreen key="choosing" session={session} tasks={tasks} state={state} />
    case 'packing':
      return (
        <Screen key="packing" name="packing" heading={t('headings.packing')}>
          <PackingPanel
            packing={state.source.packing}
            share={state.share}
            onCancel={() => session.stopPacking()}
          />
        </Screen>
      )
    case 'uploading':
      return (
        <Screen key="uploading" name="uploading" heading={t('headings.uploading')}>
          <UploadPanel
            progress={state.progress}
            phase={state.phase}
            saved={state.saved}
            onPause={() => session.pause()}
            onResume={() => session.resume()}
            onCancel={onNewScan}
            problem={
              state.problem === null ? null : (
                <ProblemView problem={state.problem}>
                  <Button variant="primary" data-action="try-again" onClick={tryAgain}>
                    {t('words:retry')}
                  </Button>
                </ProblemView>
              )
            }
          />
        </Screen>
      )
    case 'submitting':
      return (
        <Screen key="submitting" name="submitting" heading={t('headings.submitting')}>
          <SubmittingView
            state={state}
            onTryAgain={tryAgain}
            onOtherOptions={otherOptions}
            onNewScan={onNewScan}
          />
        </Screen>
      )
    case 'following':
      return (
        <Screen
          key={`following ${state.jobId}`}
          name="following"
          heading={state.problem === null ? t('headings.following') : t('headings.unseen')}
        >
          <ProcessingView
            state={state}
            onCancel={() => void session.cancelJob()}
            onTryAgain={tryAgain}
            onNewScan={onNewScan}
          />
        </Screen>
      )
    case 'over':
      if (state.job.status === 'completed') {
        return <ResultScreen key={state.job.jobId} parts={parts} job={state.job} />
      }
      return (
        <Screen
          key={`over ${state.job.jobId}`}
          name="ended"
          heading={state.job.status === 'failed' ? t('headings.failed') : t('headings.cancelled')}
        >
          <EndedView
            job={state.job}
            onRetry={() => {
              const { jobId, options } = state.job
              if (options !== null) void session.processAgain(jobId, options)
            }}
            onOtherOptions={otherOptions}
            onNewScan={onNewScan}
          />
        </Screen>
      )
  }
}
