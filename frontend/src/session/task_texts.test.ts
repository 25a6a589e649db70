import { expect, test } from 'vitest'

import { taskText } from '../i18n/task_texts'
import { TASKS_ES } from '../i18n/texts/tasks_es'
import { readCatalogue } from '../testing/catalogue'

test('every task of the catalogue is described in Spanish, and no text is left over', () => {
  const { engines } = readCatalogue()
  const described = Object.values(engines).flatMap(({ tasks }) =>
    tasks.map(({ description }) => description),
  )
  expect(described.length).toBeGreaterThan(40)
  expect(Object.keys(TASKS_ES).sort()).toEqual([...new Set(described)].sort())
})

test('a task that is not known yet is described as the API does', () => {
  expect(taskText({ description: 'Something new: in detail.' }, 'es')).toEqual({
    title: 'Something new',
    description: 'Something new: in detail.',
    translated: false,
  })
})
