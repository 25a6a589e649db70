/** The finished job as a table of structures and a list of files. */

import type { Artifact, Job, Structure } from './api'

type OnToggle = (name: string, visible: boolean) => void

function make<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  ...content: (string | Node)[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag)
  made.append(...content)
  return made
}

/** One row a structure, with a box that shows and hides it. */
export function structureTable(
  structures: readonly Structure[],
  shown: ReadonlySet<string>,
  onToggle: OnToggle,
): HTMLElement {
  const headings = ['Structure', 'ml', 'mean HU'].map((text) => {
    const heading = make('th', text)
    heading.scope = 'col'
    return heading
  })
  const rows = structures.map((structure) =>
    structureRow(structure, shown.has(structure.name), onToggle),
  )
  const table = make(
    'table',
    make('caption', 'Structures'),
    make('thead', make('tr', ...headings)),
    make('tbody', ...rows),
  )
  if (!structures.some(({ truncated }) => truncated)) return table
  return make('div', table, make('small', '≥ goes on beyond the edge of the scan'))
}

function structureRow(structure: Structure, shown: boolean, onToggle: OnToggle): HTMLElement {
  const box = make('input')
  box.type = 'checkbox'
  box.checked = shown
  box.addEventListener('change', () => onToggle(structure.name, box.checked))
  const swatch = make('span')
  swatch.className = 'swatch'
  swatch.style.background = `rgb(${structure.color_rgb.join(' ')})`
  const volume = structure.volume_ml.toFixed(structure.volume_ml < 100 ? 1 : 0)
  const row = make(
    'tr',
    make('td', make('label', box, swatch, make('span', structure.display_name))),
    make('td', structure.truncated ? `≥ ${volume}` : volume),
    make('td', structure.mean_hu === null ? '–' : structure.mean_hu.toFixed(0)),
  )
  row.dataset['structure'] = structure.name
  return row
}

/** Links to all files; those of single structures are folded away. */
export function fileList(job: Job): Node[] {
  const names = new Set(job.structures.map(({ name }) => name))
  const single = (artifact: Artifact): boolean => names.has(artifact.name.replace(/\.\w+$/, ''))
  const common = make('ul', ...job.artifacts.filter((one) => !single(one)).map(fileEntry))
  const singles = job.artifacts.filter(single)
  if (singles.length === 0) return [make('h2', 'Files'), common]
  const folded = make(
    'details',
    make('summary', `One file per structure (${singles.length})`),
    make('ul', ...singles.map(fileEntry)),
  )
  return [make('h2', 'Files'), common, folded]
}

function fileEntry(artifact: Artifact): HTMLElement {
  const link = make('a', artifact.name)
  link.href = artifact.url
  return make('li', link, make('span', readableSize(artifact.size_bytes)))
}

function readableSize(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(0)} kB` : `${(bytes / 1e6).toFixed(1)} MB`
}
