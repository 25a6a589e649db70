/** Dark or light: what was chosen here before, else as the system is. */

import { createStore } from 'zustand/vanilla'

export const THEMES = ['light', 'dark', 'system'] as const
export type Theme = (typeof THEMES)[number]

const STORAGE_KEY = 'theme'

function isTheme(name: string | null): name is Theme {
  return THEMES.some((theme) => theme === name)
}

function chosenTheme(): Theme {
  const stored = localStorage.getItem(STORAGE_KEY)
  return isTheme(stored) ? stored : 'system'
}

export const themeStore = createStore<Theme>(chosenTheme)

/** Keep the document in the chosen theme, also when the system changes its own. */
export function startTheme(): void {
  const prefersLight = matchMedia('(prefers-color-scheme: light)')
  const apply = () => {
    const theme = themeStore.getState()
    const system = prefersLight.matches ? 'light' : 'dark'
    document.documentElement.dataset['theme'] = theme === 'system' ? system : theme
  }
  themeStore.subscribe(apply)
  prefersLight.addEventListener('change', apply)
  apply()
}

export function chooseTheme(theme: Theme): void {
  localStorage.setItem(STORAGE_KEY, theme)
  themeStore.setState(theme, true)
}
