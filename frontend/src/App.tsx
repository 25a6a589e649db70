import { useCallback, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'

import type { PageParts } from './composition'
import { Header } from './panels/header/header'
import { HelpSheet, useHelpKey } from './panels/help'
import { JobsPanel } from './panels/jobs/jobs_panel'
import { PageDrop } from './panels/start'
import { Announcer } from './screens/announcer'
import { ErrorBoundary } from './screens/error_boundary'
import { OfflineBanner } from './screens/offline_banner'
import { Screen } from './screens/screen'
import { WayScreen } from './screens/way_screen'
import { preloadWorkspace } from './screens/workspace_loading'
import type { Session } from './session/session'
import { ConfirmDialog } from './ui/confirm_dialog'

/** What to do once an upload that stands in the way has been given up. */
type Pending = { kind: 'new_scan' } | { kind: 'files'; files: readonly File[] }

export function App({ parts }: { parts: PageParts }) {
  const { t } = useTranslation(['page', 'words'])
  const { address, session, jobs } = parts
  const atJobs = useStore(address.store, ({ page }) => page === 'jobs')
  const [pending, setPending] = useState<Pending | null>(null)
  const [helpOpen, setHelpOpen] = useState(false)
  const openHelp = useCallback(() => setHelpOpen(true), [])
  useHelpKey(openHelp)
  useUnloadGuard(session)
  usePreloading(session)

  const carryOut = (wish: Pending) => {
    if (wish.kind === 'files') void session.chooseFiles(wish.files)
    else void session.newScan()
  }
  const wish = (wanted: Pending) => {
    if (session.store.getState().name === 'uploading') setPending(wanted)
    else carryOut(wanted)
  }
  const newScan = () => wish({ kind: 'new_scan' })

  return (
    <PageDrop
      enabled
      onFiles={(files) => wish({ kind: 'files', files })}
      onFailed={(error) => session.fail(error)}
    >
      <div className="flex h-dvh flex-col">
        <a
          href="#content"
          className="sr-only z-50 rounded-md bg-accent px-4 py-2 text-on-accent focus:not-sr-only focus:fixed focus:start-2 focus:top-2"
          onClick={(event) => {
            event.preventDefault() // the address names jobs
            document.getElementById('content')?.focus()
          }}
        >
          {t('skip')}
        </a>
        <Header
          atJobs={atJobs}
          onNewScan={newScan}
          onJobs={() => address.go({ page: 'jobs' })}
          onHelp={openHelp}
        />
        <OfflineBanner />
        <main
          id="content"
          tabIndex={-1}
          // `relative`: what is hidden from the eye scrolls along, instead of making the page longer.
          className="relative flex min-h-0 grow flex-col overflow-y-auto outline-none"
        >
          <ErrorBoundary>
            {atJobs ? (
              <Screen key="jobs" name="jobs" heading={t('headings.jobs')}>
                <JobsPanel
                  list={jobs}
                  onRetry={({ jobId, options }) => {
                    if (options !== null) void session.processAgain(jobId, options)
                  }}
                />
              </Screen>
            ) : (
              <WayScreen parts={parts} onNewScan={newScan} />
            )}
          </ErrorBoundary>
        </main>
        <footer className="shrink-0 border-t border-line bg-surface px-4 py-1.5 text-center text-xs text-muted">
          {t('words:notMedical')}
        </footer>
        <HelpSheet open={helpOpen} onOpenChange={setHelpOpen} />
        <Announcer session={session} />
        <ConfirmDialog
          title={t('discard.title')}
          description={t('discard.hint')}
          confirmLabel={t('discard.confirm')}
          cancelLabel={t('discard.keep')}
          open={pending !== null}
          onOpenChange={(open) => {
            if (!open) setPending(null)
          }}
          onConfirm={() => {
            if (pending !== null) carryOut(pending)
          }}
        />
      </div>
    </PageDrop>
  )
}

/** Ask before the page is closed where closing it would lose what is being sent. */
function useUnloadGuard(session: Session): void {
  useEffect(() => {
    const guard = (event: BeforeUnloadEvent) => {
      const state = session.store.getState()
      const loses =
        state.name === 'packing' || (state.name === 'uploading' && state.saved !== 'saved')
      if (loses) event.preventDefault()
    }
    window.addEventListener('beforeunload', guard)
    return () => window.removeEventListener('beforeunload', guard)
  }, [session])
}

function usePreloading(session: Session): void {
  const soon = useStore(
    session.store,
    ({ name }) => name === 'uploading' || name === 'following' || name === 'over',
  )
  useEffect(() => {
    if (soon) preloadWorkspace()
  }, [soon])
}
