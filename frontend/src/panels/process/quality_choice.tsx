import { useTranslation } from 'react-i18next'

import type { Task } from '../../api/types'
import { Segmented } from '../../ui/segmented'
import { Field } from './field'

interface QualityChoiceProps {
  task: Task
  fast: boolean
  onChange: (fast: boolean) => void
}

export function QualityChoice({ task, fast, onChange }: QualityChoiceProps) {
  const { t } = useTranslation('process')
  if (!task.has_fast) {
    return <Field title={t('quality')}>{() => <p className="text-sm">{t('oneQuality')}</p>}</Field>
  }
  return (
    <Field title={t('quality')} hint={fast ? t('fastHint') : t('fullHint')}>
      {() => (
        <Segmented
          label={t('quality')}
          className="flex w-full"
          value={fast ? 'fast' : 'full'}
          options={[
            { name: 'fast', label: t('fast') },
            { name: 'full', label: t('full') },
          ]}
          onChange={(name) => onChange(name === 'fast')}
        />
      )}
    </Field>
  )
}
