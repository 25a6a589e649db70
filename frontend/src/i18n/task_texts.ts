/** What tasks do, in the page's language: the API says it in English. */

import type { Language } from './language'
import { TASKS_ES } from './texts/tasks_es'

interface Described {
  description: string
}

export interface TaskText {
  /** One line, without a full stop. */
  title: string
  description: string
  /** False where the API's own English stands in. */
  translated: boolean
}

export function taskText({ description }: Described, language: Language): TaskText {
  const spanish = language === 'es' ? TASKS_ES[description] : undefined
  const text = spanish ?? description
  const [title = text] = text.split(/[:.](?:\s|$)/)
  return { title, description: text, translated: language === 'en' || spanish !== undefined }
}
