import { FileImage } from 'lucide-react'
import { useTranslation } from 'react-i18next'

import type { Job } from '../api/types'
import { formatBytes, formatDateTime } from '../i18n/formats'
import { useNames } from '../i18n/use_names'
import { ProblemView } from '../panels/problem/problem_view'
import { WarningList } from '../panels/problem/warning_list'
import { ProcessPanel } from '../panels/process/process_panel'
import { CandidateList, FileButtons, PackingChoice } from '../panels/start'
import { namedProblem } from '../session/problem'
import type { Session } from '../session/session'
import { modalityOf, type Choosing, type FilesSource } from '../session/session_state'
import type { TasksList } from '../session/tasks'
import { Button } from '../ui/button'
import { Screen } from './screen'

interface ChoosingScreenProps {
  session: Session
  tasks: TasksList
  state: Choosing
}

/** Which scan, and how it is to be processed. */
export function ChoosingScreen({ session, tasks, state }: ChoosingScreenProps) {
  const { t } = useTranslation('page')
  const { source, options, problem } = state
  const ofFiles = source.kind === 'files'
  return (
    <Screen
      name="choosing"
      heading={ofFiles ? t('headings.choosing') : t('headings.choosingAgain')}
      wide
    >
      <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_24rem]">
        <div className="space-y-6">
          {problem !== null && <ProblemView problem={problem} />}
          {ofFiles ? (
            <FilesPart session={session} source={source} />
          ) : (
            <JobPart job={source.job} onBack={() => session.backToJob()} />
          )}
        </div>
        <section
          aria-label={t('process')}
          className="rounded-lg border border-line bg-surface p-5"
          data-panel="process"
        >
          <ProcessPanel
            tasks={tasks}
            options={options}
            modality={modalityOf(source)}
            sends={ofFiles}
            ready={!ofFiles || source.chosen !== null}
            onChange={(changed) => session.setOptions(changed)}
            onBegin={() => void session.begin()}
          />
        </section>
      </div>
    </Screen>
  )
}

function FilesPart({ session, source }: { session: Session; source: FilesSource }) {
  const { t } = useTranslation('page')
  const { candidates, chosen, packing } = source
  return (
    <>
      <CandidateList
        candidates={candidates}
        chosenId={chosen?.id ?? null}
        onChoose={(id) => session.choose(id)}
      />
      {chosen?.kind === 'dicom' && (
        <PackingChoice packing={packing} onChange={(one) => session.setPacking(one)} />
      )}
      <div className="flex justify-start">
        <FileButtons
          quiet
          filesLabel={t('otherFiles')}
          onFiles={(files) => void session.chooseFiles(files)}
        />
      </div>
    </>
  )
}

function JobPart({ job, onBack }: { job: Job; onBack: () => void }) {
  const { t } = useTranslation(['progress', 'page'])
  const { language } = useNames()
  const { filename, size_bytes: sizeBytes, inspection, createdAt, status } = job
  const failure = inspection?.failure ?? null
  const modality = modalityOf({ kind: 'job', job })
  return (
    <>
      <div className="flex items-center gap-4 rounded-lg border border-line bg-surface p-4">
        <FileImage aria-hidden className="size-8 shrink-0 text-accent-ink" />
        <div className="min-w-0 grow">
          <p className="truncate font-medium">{filename}</p>
          <p className="text-sm text-muted">
            {formatDateTime(createdAt, language)}
            {sizeBytes !== null && ` · ${formatBytes(sizeBytes, language)}`}
            {modality !== null && ` · ${modality}`}
          </p>
          <p className="text-sm text-muted">{t('page:storedScan')}</p>
        </div>
      </div>
      {failure !== null && <ProblemView problem={namedProblem(failure)} />}
      <WarningList warnings={job.warnings} />
      {status !== 'uploaded' && <Button onClick={onBack}>{t('backToResult')}</Button>}
    </>
  )
}
