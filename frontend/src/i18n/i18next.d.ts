import 'i18next'

import type { English } from './resources'

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'words'
    resources: English
    returnNull: false
  }
}
