import { useTranslation } from 'react-i18next'

import type { Task } from '../../api/types'
import { taskText, type TaskText } from '../../i18n/task_texts'
import { useNames } from '../../i18n/use_names'
import { suits } from '../../session/scan_options'
import { Select } from '../../ui/select'
import { Field } from './field'

interface TaskChoiceProps {
  tasks: readonly Task[]
  task: Task
  modality: string | null
  onChange: (task: Task) => void
}

export function TaskChoice({ tasks, task, modality, onChange }: TaskChoiceProps) {
  const { t } = useTranslation('process')
  const { language } = useNames()
  const licences: Readonly<Record<string, string>> = {
    open: t('licence.open'),
    commercial: t('licence.commercial'),
    non_commercial: t('licence.non_commercial'),
  }
  const modalities = [...new Set(tasks.map((each) => each.modality))].sort(
    (a, b) => Number(b === modality) - Number(a === modality),
  )
  const text = taskText(task, language)
  return (
    <Field
      title={t('task')}
      hint={
        <>
          {isLonger(text) && (
            <span className="block" {...(text.translated ? {} : { lang: 'en' })}>
              {text.description}
            </span>
          )}
          {task.name}
          {' · '}
          {t('about', { modality: task.modality, count: task.structures.length })}
          {' · '}
          {licences[task.licence] ?? t('licence.other', { name: task.licence })}
        </>
      }
    >
      {(ids) => (
        <Select
          aria-labelledby={ids.title}
          aria-describedby={ids.hint}
          data-option="task"
          value={task.name}
          onChange={({ target }) => {
            const chosen = tasks.find(({ name }) => name === target.value)
            if (chosen !== undefined) onChange(chosen)
          }}
        >
          {modalities.map((group) => (
            <optgroup key={group} label={group}>
              {tasks
                .filter((each) => each.modality === group)
                .map((each) => (
                  <option key={each.name} value={each.name} disabled={!suits(each, modality)}>
                    {taskText(each, language).title}
                  </option>
                ))}
            </optgroup>
          ))}
        </Select>
      )}
    </Field>
  )
}

/** A description that says more than the one line that stands in the list. */
function isLonger({ title, description }: TaskText): boolean {
  return description.length > title.length + 1
}
