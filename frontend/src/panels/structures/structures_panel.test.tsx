import { act, cleanup, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, describe, expect, test, vi } from 'vitest'

import { CameraRequests, type CameraRequest } from '../../session/camera'
import { createScene, isShown, type SceneStore } from '../../session/scene'
import { expectAccessible } from '../../testing/axe'
import { structuresOfTask } from '../../testing/catalogue'
import { finishedJob } from '../../testing/finished_job'
import { renderWithTexts } from '../../testing/render_with_texts'
import { StructuresPanel } from './structures_panel'

const WANTED = [
  'liver',
  'stomach',
  'colon',
  'gallbladder',
  'kidney_left',
  'kidney_right',
  'rib_left_3',
]
const all = structuresOfTask('totalsegmentator', 'total')
const job = finishedJob(all.filter(({ name }) => WANTED.includes(name)))
// Digestive: gallbladder 4, liver 5, stomach 6, colon 20; urinary: kidneys 2, 3; skeletal: rib.
const IN_ORDER = [
  'Digestive system',
  'Gallbladder',
  'Liver',
  'Stomach',
  'Colon',
  'Urinary system',
  'Right kidney',
  'Left kidney',
  'Bones and cartilage',
  'Left rib 3',
]

let scene: SceneStore
let asked: CameraRequest[]

async function open(language: 'en' | 'es' = 'en') {
  scene = createScene()
  scene.getState().show(job.structures)
  asked = []
  const camera = new CameraRequests()
  camera.listen((request) => asked.push(request))
  await renderWithTexts(<StructuresPanel scene={scene} camera={camera} job={job} />, language)
  return userEvent.setup()
}

const row = (label: string) =>
  screen.getAllByRole('treeitem').find(({ dataset }) => dataset['label'] === label) ??
  expect.fail(`no row ${label}`)
const labels = () => screen.queryAllByRole('treeitem').map(({ dataset }) => dataset['label'])
const focused = () => (document.activeElement as HTMLElement).dataset['label']
const shown = () =>
  job.structures.map(({ name }) => name).filter((name) => isShown(scene.getState(), name))

afterEach(() => {
  cleanup()
  vi.useRealTimers()
})

describe('the tree', () => {
  test('groups by body system, in the language of the page', async () => {
    await open()
    expect(labels()).toEqual(IN_ORDER)
    cleanup()
    await open('es')
    expect(labels().slice(0, 3)).toEqual(['Aparato digestivo', 'Vesícula biliar', 'Hígado'])
  })

  test('is accessible, with a structure selected too', async () => {
    await open()
    await expectAccessible(document.body)
    act(() => scene.getState().select('liver'))
    await expectAccessible(document.body)
  })

  test('says the volume, and that it is a lower bound where the scan cuts it off', async () => {
    await open()
    const cut = job.structures.filter(({ truncated }) => truncated)
    expect(cut.map(({ name }) => name)).toEqual(['liver'])
    expect(row('Liver').textContent).toMatch(/≥ [\d.,]+ ml/)
    const note = row('Liver').getAttribute('aria-describedby') ?? ''
    expect(document.getElementById(note)?.textContent).toBe('cut off by the edge of the scan')
    expect(row('Stomach').textContent).not.toMatch(/≥/)
  })
})

describe('the keyboard', () => {
  test('Tab leads to one row, arrows, Home and End move, the ends hold', async () => {
    const user = await open()
    expect(screen.getAllByRole('treeitem').filter(({ tabIndex }) => tabIndex === 0)).toHaveLength(1)
    act(() => row('Digestive system').focus())
    await user.keyboard('{ArrowUp}')
    expect(focused()).toBe('Digestive system')
    await user.keyboard('{ArrowDown}{ArrowDown}')
    expect(focused()).toBe('Liver')
    await user.keyboard('{End}')
    expect(focused()).toBe('Left rib 3')
    await user.keyboard('{ArrowDown}')
    expect(focused()).toBe('Left rib 3')
    await user.keyboard('{Home}')
    expect(focused()).toBe('Digestive system')
    expect(screen.getAllByRole('treeitem').filter(({ tabIndex }) => tabIndex === 0)).toHaveLength(1)
  })

  test('left goes to the group and folds it, right opens it and goes in, * opens all', async () => {
    const user = await open()
    act(() => row('Stomach').focus())
    await user.keyboard('{ArrowLeft}')
    expect(focused()).toBe('Digestive system')
    await user.keyboard('{ArrowLeft}')
    expect(row('Digestive system')).toHaveProperty('ariaExpanded', 'false')
    expect(labels()).not.toContain('Stomach')
    await user.keyboard('{ArrowRight}')
    expect(labels()).toContain('Stomach')
    await user.keyboard('{ArrowRight}')
    expect(focused()).toBe('Gallbladder')
    await user.keyboard('{ArrowLeft}{ArrowLeft}{ArrowDown}{Enter}')
    expect(labels()).toEqual([
      'Digestive system',
      'Urinary system',
      'Bones and cartilage',
      'Left rib 3',
    ])
    await user.keyboard('*')
    expect(labels()).toEqual(IN_ORDER)
  })

  test('type-ahead finds the next name that begins so, with a blank in it too', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const user = await open()
    act(() => row('Digestive system').focus())
    await user.keyboard('l')
    expect(focused()).toBe('Liver')
    await user.keyboard('l')
    expect(focused()).toBe('Left kidney')
    vi.advanceTimersByTime(701)
    await user.keyboard('left r')
    expect(focused()).toBe('Left rib 3')
    expect(shown()).toHaveLength(7)
    vi.advanceTimersByTime(701)
    await user.keyboard(' ')
    expect(shown()).not.toContain('rib_left_3')
  })

  test('Space is the eye, Shift+Space solo, Enter selects, Shift+Enter fits', async () => {
    const user = await open()
    act(() => row('Liver').focus())
    await user.keyboard(' ')
    expect(shown()).not.toContain('liver')
    await user.keyboard('{Shift>} {/Shift}')
    expect(shown()).toEqual(['liver'])
    await user.keyboard('{Shift>} {/Shift}{Enter}')
    expect(scene.getState()).toMatchObject({ solo: null, selected: 'liver' })
    await user.keyboard('{Shift>}{Enter}{/Shift}')
    expect(asked).toEqual([{ kind: 'fit', names: ['liver'] }])
    act(() => row('Urinary system').focus())
    await user.keyboard(' {Shift>}{Enter}{/Shift}')
    expect(shown()).not.toContain('kidney_left')
    expect(asked.at(-1)).toEqual({ kind: 'fit', names: ['kidney_right', 'kidney_left'] })
  })

  test('the buttons of the row with the focus come next, those of other rows do not', async () => {
    const user = await open()
    act(() => row('Liver').focus())
    await user.tab()
    expect(document.activeElement).toHaveProperty('title', 'Hide Liver')
    await user.tab()
    expect(document.activeElement).toHaveProperty('title', 'Show Liver alone')
    await user.tab()
    expect(document.activeElement?.closest('[role=tree]')).toBeNull()
  })
})

describe('the eyes', () => {
  test('a group has three states: all, some, none', async () => {
    const user = await open()
    const group = row('Urinary system')
    expect(group.ariaChecked).toBe('true')
    await user.click(within(row('Left kidney')).getByRole('button', { name: 'Hide Left kidney' }))
    expect(group.ariaChecked).toBe('mixed')
    expect(row('Left kidney').ariaChecked).toBe('false')
    await user.click(within(group).getByRole('button', { name: 'Show Urinary system' }))
    expect(group.ariaChecked).toBe('true')
    await user.click(within(group).getByRole('button', { name: 'Hide Urinary system' }))
    expect(group.ariaChecked).toBe('false')
    expect(shown()).toHaveLength(5)
  })

  test('all, none and invert act on what the search found', async () => {
    const user = await open()
    await user.click(screen.getByRole('button', { name: 'Hide all' }))
    expect(shown()).toEqual([])
    await user.type(screen.getByRole('searchbox'), 'kidney')
    await user.click(screen.getByRole('button', { name: 'Show those found' }))
    expect(shown().sort()).toEqual(['kidney_left', 'kidney_right'])
    await user.click(screen.getByRole('button', { name: 'Clear the search' }))
    await user.click(screen.getByRole('button', { name: 'Invert' }))
    expect(shown().sort()).toEqual(WANTED.filter((name) => !name.startsWith('kidney')).sort())
  })

  test('a solo is announced, and ended from there', async () => {
    const user = await open()
    await user.click(within(row('Liver')).getByRole('button', { name: 'Show Liver alone' }))
    expect(screen.getByText('Only Liver shown')).toBeDefined()
    expect(shown()).toEqual(['liver'])
    await user.click(screen.getByRole('button', { name: 'End' }))
    expect(shown()).toHaveLength(7)
  })

  test('the opacity of a group is that of each of its structures', async () => {
    const user = await open()
    await user.click(
      within(row('Urinary system')).getByRole('button', { name: 'Opacity of Urinary system' }),
    )
    const slider = screen.getByRole('slider', { name: 'Opacity of Urinary system' })
    act(() => slider.focus())
    await user.keyboard('{ArrowLeft}{ArrowLeft}')
    const { opacity } = scene.getState()
    expect([opacity['kidney_left'], opacity['kidney_right'], opacity['liver']]).toEqual([
      0.9, 0.9, 1,
    ])
  })
})

describe('the search', () => {
  test.each([
    ['riñon', ['Right kidney', 'Left kidney']],
    ['KIDNEY left', ['Left kidney']],
    ['rib_left', ['Left rib 3']],
    ['hígado', ['Liver']],
    ['oseo', []],
    ['huesos', ['Left rib 3']],
  ])('%s finds %j, in the groups of theirs', async (query, found) => {
    const user = await open()
    await user.type(screen.getByRole('searchbox'), query)
    const structures = labels().filter((label) => !/system|Bones/.test(label ?? ''))
    expect(structures).toEqual(found)
    expect(labels().length > structures.length).toBe(found.length > 0)
  })

  test('says when it finds nothing', async () => {
    const user = await open()
    await user.type(screen.getByRole('searchbox'), 'unicorn')
    expect(screen.getByText('No structure matches “unicorn”.')).toBeDefined()
    expect(screen.queryByRole('tree')).toBeNull()
    await expectAccessible(document.body)
  })

  test('opens folded groups', async () => {
    const user = await open()
    await user.click(screen.getByRole('button', { name: 'Collapse all groups' }))
    expect(labels()).toHaveLength(3)
    await user.type(screen.getByRole('searchbox'), 'liver')
    expect(labels()).toEqual(['Digestive system', 'Liver'])
  })
})

describe('the selection', () => {
  test('a click selects, a double click fits the view', async () => {
    const user = await open()
    await user.dblClick(screen.getByText('Liver'))
    expect(scene.getState().selected).toBe('liver')
    expect(row('Liver').ariaSelected).toBe('true')
    expect(asked).toEqual([{ kind: 'fit', names: ['liver'] }])
  })

  test('what is picked in 3D is found in a folded group, and behind a search', async () => {
    const user = await open()
    await user.click(screen.getByRole('button', { name: 'Collapse all groups' }))
    await user.type(screen.getByRole('searchbox'), 'kidney')
    const scrolled: string[] = []
    Element.prototype.scrollIntoView = function (this: HTMLElement) {
      scrolled.push(this.dataset['structure'] ?? '')
    }
    act(() => scene.getState().select('rib_left_3'))
    expect(labels()).toContain('Left rib 3')
    expect(scrolled).toEqual(['rib_left_3'])
    expect(row('Left rib 3').tabIndex).toBe(0)
  })

  test('one without a surface says so', async () => {
    await open()
    act(() => scene.getState().select('gallbladder'))
    expect(row('Gallbladder').textContent).toMatch(/No surface could be made/)
    expect(within(row('Gallbladder')).queryByRole('slider')).toBeNull()
  })

  test('a row that the pointer is over is told to the scene', async () => {
    const user = await open()
    await user.hover(screen.getByText('Colon'))
    expect(scene.getState().hovered).toBe('colon')
    await user.unhover(screen.getByText('Colon'))
    expect(scene.getState().hovered).toBeNull()
  })
})
