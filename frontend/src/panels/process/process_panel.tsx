import { Play } from 'lucide-react'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'

import type { ScanOptions, Task } from '../../api/types'
import { suits, withTask } from '../../session/scan_options'
import type { TasksList } from '../../session/tasks'
import { Button } from '../../ui/button'
import { Notice } from '../../ui/notice'
import { ProblemView } from '../problem/problem_view'
import { AdvancedOptions } from './advanced_options'
import { QualityChoice } from './quality_choice'
import { StructureChoice } from './structure_choice'
import { TaskChoice } from './task_choice'

interface ProcessPanelProps {
  tasks: TasksList
  options: ScanOptions
  /** What the scan says that it is; null where it says nothing. */
  modality: string | null
  /** The scan is still to be sent. */
  sends: boolean
  /** There is a scan that can be processed. */
  ready: boolean
  onChange: (options: Partial<ScanOptions>) => void
  onBegin: () => void
}

/** How the scan is to be processed; what is there when it opens does for most. */
export function ProcessPanel(props: ProcessPanelProps) {
  const { tasks } = props
  const { t } = useTranslation(['process', 'words'])
  const known = useStore(tasks.store)
  useEffect(() => void tasks.load(), [tasks])

  if (known.name === 'loading') {
    return (
      <p role="status" className="text-sm text-muted">
        {t('loadingTasks')}
      </p>
    )
  }
  if (known.name === 'failed') {
    return (
      <ProblemView problem={known.problem}>
        <Button onClick={() => void tasks.load()}>{t('words:retry')}</Button>
      </ProblemView>
    )
  }
  return <Options {...props} known={known.tasks} />
}

function Options({
  known,
  options,
  modality,
  sends,
  ready,
  onChange,
  onBegin,
}: ProcessPanelProps & { known: readonly Task[] }) {
  const { t } = useTranslation('process')
  const task = known.find(({ name }) => name === options.task) ?? null
  if (task === null) {
    return <Notice kind="error" title={t('noTask', { modality: modality ?? '?' })} />
  }
  const suitable = suits(task, modality)
  const nothingChosen = options.roi_subset?.length === 0
  return (
    <form
      className="space-y-6"
      onSubmit={(event) => {
        event.preventDefault()
        onBegin()
      }}
    >
      <TaskChoice
        tasks={known}
        task={task}
        modality={modality}
        onChange={(chosen) => onChange(withTask(options, chosen))}
      />
      {!suitable && (
        <Notice
          kind="error"
          title={t('wrongModality', { task: task.modality, scan: modality ?? '?' })}
        />
      )}
      <QualityChoice task={task} fast={options.fast} onChange={(fast) => onChange({ fast })} />
      <StructureChoice
        key={task.name}
        task={task}
        chosen={options.roi_subset}
        onChange={(roi_subset) => onChange({ roi_subset })}
      />
      <AdvancedOptions options={options} onChange={onChange} />
      <div className="sticky bottom-0 -mx-5 -mb-5 rounded-b-lg border-t border-line bg-surface px-5 py-4">
        <Button
          type="submit"
          variant="primary"
          className="min-h-11 w-full text-base"
          disabled={!ready || !suitable || nothingChosen}
          data-action="begin"
        >
          <Play aria-hidden />
          {sends ? t('begin') : t('beginAgain')}
        </Button>
        {nothingChosen && (
          <p role="status" className="pt-2 text-center text-sm text-muted">
            {t('chooseOne')}
          </p>
        )}
      </div>
    </form>
  )
}
