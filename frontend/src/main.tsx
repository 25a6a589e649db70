import './style.css'

import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'

import { App } from './App'
import { browserParts } from './composition'
import { startTexts } from './i18n/language'
import { startTheme } from './ui/theme'

startTheme()
startTexts()
const parts = browserParts()
void parts.session.open()
const root = document.getElementById('root')
if (root === null) throw new Error('index.html has no #root')
createRoot(root).render(
  <StrictMode>
    <App parts={parts} />
  </StrictMode>,
)
