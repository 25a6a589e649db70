import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'

import type { Api } from '../../api/client'
import type { Job } from '../../api/types'
import { about } from '../../i18n/texts/about'
import { useNames } from '../../i18n/use_names'
import { Facts, Part } from '../../ui/facts'

/** Of the engine, and of the job's task where the service tells it. */
export function LicencesPart({ job, api }: { job: Job; api: Pick<Api, 'tasks'> }) {
  const { t } = useTranslation('about')
  const { language } = useNames()
  const engine = job.engine?.name ?? ''
  const task = job.options?.task ?? ''
  const licence = useTaskLicence(api, engine, task)
  const { engines, taskLicences } = about[language]
  const known = (engines as Readonly<Record<string, { name: string; licence: string }>>)[engine]
  const texts: Readonly<Record<string, string>> = taskLicences
  if (known === undefined && licence === null) return null
  return (
    <Part title={t('licences')}>
      <Facts
        facts={[
          known === undefined ? null : [known.name, known.licence],
          licence === null ? null : [`${t('taskLicence')} ${task}`, texts[licence] ?? licence],
        ]}
      />
    </Part>
  )
}

/** Null until it is known, and where the service now runs another engine or has dropped the task. */
function useTaskLicence(api: Pick<Api, 'tasks'>, engine: string, task: string): string | null {
  const [licence, setLicence] = useState<string | null>(null)
  useEffect(() => {
    const ending = new AbortController()
    api.tasks(ending.signal).then(
      (answer) => {
        const found = answer.tasks.find(({ name }) => name === task)
        setLicence(answer.engine === engine ? (found?.licence ?? null) : null)
      },
      () => undefined, // the part says less then
    )
    return () => ending.abort()
  }, [api, engine, task])
  return licence
}
