import { useTranslation } from 'react-i18next'

import { httpApi, type Api } from '../../api/client'
import type { Job } from '../../api/types'
import { formatDateTime } from '../../i18n/formats'
import { useNames } from '../../i18n/use_names'
import type { CameraRequests } from '../../session/camera'
import type { SceneStore } from '../../session/scene'
import { WarningList } from '../problem/warning_list'
import { EnginePart } from './engine_part'
import { Facts, Part } from '../../ui/facts'
import { GeometryPart } from './geometry_part'
import { LicencesPart } from './licences_part'
import { CostPart, OptionsPart, TimesPart } from './processing_part'

interface AboutPanelProps {
  scene: SceneStore
  camera: CameraRequests
  job: Job
  api?: Pick<Api, 'tasks'>
}

/** How the result came about, and how far it can be trusted. */
export function AboutPanel({ job, api = httpApi }: AboutPanelProps) {
  const { t } = useTranslation('about')
  const { language } = useNames()
  return (
    <section aria-label={t('title')} className="flex flex-col gap-4 p-3">
      <div className="rounded-md border border-danger p-3 text-sm" data-notice="not-medical">
        <h3 className="font-semibold">{t('notMedicalTitle')}</h3>
        <p>{t('notMedical')}</p>
      </div>
      <WarningList warnings={job.warnings} />
      <EnginePart engine={job.engine} />
      <GeometryPart inspection={job.inspection} />
      {job.options !== null && <OptionsPart options={job.options} />}
      {Object.keys(job.timings_s).length > 0 && <TimesPart timings_s={job.timings_s} />}
      {job.cost !== null && <CostPart cost={job.cost} />}
      <LicencesPart job={job} api={api} />
      <Part title={t('job')}>
        <Facts
          facts={[
            [t('job'), job.jobId],
            [t('dates'), formatDateTime(job.createdAt, language)],
            job.attempt > 1 ? [t('attempt'), job.attempt] : null,
          ]}
        />
      </Part>
    </section>
  )
}
