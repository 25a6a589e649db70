import { act, cleanup, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, describe, expect, test } from 'vitest'

import { CameraRequests } from '../../session/camera'
import { createScene, type SceneStore } from '../../session/scene'
import { expectAccessible } from '../../testing/axe'
import { structuresOfTask } from '../../testing/catalogue'
import { finishedJob } from '../../testing/finished_job'
import { renderWithTexts } from '../../testing/render_with_texts'
import { NumbersPanel } from './numbers_panel'

const WANTED = ['spleen', 'kidney_right', 'gallbladder', 'liver', 'stomach']
const made = finishedJob(
  structuresOfTask('totalsegmentator', 'total').filter(({ name }) => WANTED.includes(name)),
)
const NUMBERS: Record<string, { volume_ml: number; mean_hu: number | null }> = {
  spleen: { volume_ml: 180.4, mean_hu: 110.6 },
  kidney_right: { volume_ml: 1512.108, mean_hu: null },
  gallbladder: { volume_ml: 20.25, mean_hu: -0.2 },
  liver: { volume_ml: 1400.5, mean_hu: 104 },
  stomach: { volume_ml: 0.42633, mean_hu: 31 },
}
const job = {
  ...made,
  structures: made.structures.map((one) => ({
    ...one,
    ...NUMBERS[one.name],
    truncated: one.name === 'liver',
  })),
}

let scene: SceneStore

async function open(language: 'en' | 'es' = 'en') {
  scene = createScene()
  scene.getState().show(job.structures)
  await renderWithTexts(
    <NumbersPanel scene={scene} camera={new CameraRequests()} job={job} />,
    language,
  )
  return userEvent.setup()
}

const rows = () => [...document.querySelectorAll<HTMLElement>('tbody tr')]
const order = () => rows().map(({ dataset }) => dataset['structure'])
const cells = (name: string) =>
  [...(rows().find(({ dataset }) => dataset['structure'] === name)?.children ?? [])].map((cell) =>
    // what is shown, without what is only spoken
    [...cell.querySelectorAll('.sr-only')].reduce(
      (text, { textContent }) => text.replace(textContent, ''),
      cell.textContent,
    ),
  )

afterEach(cleanup)

describe('the table', () => {
  test('writes numbers as the language does', async () => {
    await open()
    expect(cells('kidney_right').slice(0, 3)).toEqual(['Right kidney', '1,512', '–'])
    expect(cells('stomach').slice(0, 3)).toEqual(['Stomach', '0.426', '31 ± 17'])
    cleanup()
    await open('es')
    expect(cells('kidney_right').slice(0, 2)).toEqual(['Riñón derecho', '1512'])
    expect(cells('stomach')[1]).toBe('0,426')
  })

  test('marks lower bounds, and says why where a number is missing', async () => {
    await open()
    expect(cells('liver')[1]).toBe('≥ 1,401')
    expect(cells('spleen')[1]).toBe('180')
    expect(cells('gallbladder').slice(2)).toEqual(['0 ± 15', '–', '–', ''])
    const gallbladder = rows().find(({ dataset }) => dataset['structure'] === 'gallbladder')
    expect(gallbladder?.textContent).toContain('none: no surface could be made')
    expect(screen.getByText(/lower bounds/)).toBeDefined()
    expect(screen.getByText(/not in Hounsfield units, so/)).toBeDefined()
  })

  test('does not explain signs that do not occur', async () => {
    const user = await open()
    await user.type(screen.getByRole('searchbox'), 'spleen')
    expect(screen.queryByText(/lower bounds/)).toBeNull()
    expect(order()).toEqual(['spleen'])
  })

  test('is accessible', async () => {
    await open()
    await expectAccessible(document.body)
  })
})

describe('sorting', () => {
  const header = (name: string) => screen.getByRole('columnheader', { name: new RegExp(name) })
  const press = async (user: ReturnType<typeof userEvent.setup>, name: string) =>
    user.click(within(header(name)).getByRole('button'))

  test('begins with the largest volume, and turns round', async () => {
    const user = await open()
    expect(header('Volume').ariaSort).toBe('descending')
    expect(order()).toEqual(['kidney_right', 'liver', 'spleen', 'gallbladder', 'stomach'])
    await press(user, 'Volume')
    expect(header('Volume').ariaSort).toBe('ascending')
    expect(order()).toEqual(['stomach', 'gallbladder', 'spleen', 'liver', 'kidney_right'])
  })

  test('names go from A to Z, in the language of the page', async () => {
    const user = await open('es')
    await press(user, 'Estructura')
    expect(order()).toEqual(['spleen', 'stomach', 'liver', 'kidney_right', 'gallbladder'])
    expect(header('Volumen').ariaSort).toBe('none')
  })

  test('what has no number comes last either way', async () => {
    const user = await open()
    await press(user, 'Mean')
    expect(order()).toEqual(['spleen', 'liver', 'stomach', 'gallbladder', 'kidney_right'])
    await press(user, 'Mean')
    expect(order()).toEqual(['gallbladder', 'stomach', 'liver', 'spleen', 'kidney_right'])
    await press(user, 'Cut off')
    expect(order()[0]).toBe('liver')
  })
})

describe('rows', () => {
  test('select in the scene, by pointer and by keyboard', async () => {
    const user = await open()
    await user.click(screen.getByText('0.426'))
    expect(scene.getState().selected).toBe('stomach')
    act(() => screen.getByRole('button', { name: 'Liver' }).focus())
    await user.keyboard('{Enter}')
    expect(scene.getState().selected).toBe('liver')
    expect(screen.getByRole('button', { name: 'Liver' }).ariaPressed).toBe('true')
  })
})

describe('the mesh of the selected structure', () => {
  const facts = () =>
    Object.fromEntries(
      [...document.querySelectorAll('dl > div')].map(({ firstChild, lastChild }) => [
        firstChild?.textContent ?? '',
        lastChild?.textContent ?? '',
      ]),
    ) as Record<string, string>
  const select = (name: string) => act(() => scene.getState().select(name))
  const changeMesh = (changes: object) =>
    act(() =>
      scene
        .getState()
        .show(
          job.structures.map((one) =>
            one.mesh === null ? one : { ...one, mesh: { ...one.mesh, ...changes } },
          ),
        ),
    )

  test('is not there while nothing is selected', async () => {
    await open()
    expect(document.querySelector('dl')).toBeNull()
  })

  test('says how well it stands for the voxels', async () => {
    await open()
    changeMesh({ volume_ml: 180.32, deviation_p95_mm: 0.1234, deviation_max_mm: 1.486 })
    select('spleen')
    expect(screen.getByRole('region', { name: 'Mesh: Spleen' })).toBeDefined()
    expect(facts()).toEqual({
      Surface: 'closed (watertight)',
      'Volume inside': '180 ml (-0.04% against the voxels)',
      Deviation:
        'at 95 % of places up to 0.123 mm, at most 1.49 mm from the surface before simplifying',
      'Left and right': 'as in the voxels',
      Triangles: '400 of 4,000',
    })
    await expectAccessible(document.body)
  })

  test('does so in Spanish', async () => {
    await open('es')
    changeMesh({ volume_ml: 180.32, deviation_p95_mm: 0.1234, deviation_max_mm: 1.486 })
    select('spleen')
    expect(screen.getByRole('region', { name: 'Malla: Bazo' })).toBeDefined()
    expect(facts()).toMatchObject({
      Superficie: 'cerrada (estanca)',
      'Volumen interior': '180 ml (-0,04\u00A0% respecto a los vóxeles)',
      'Izquierda y derecha': 'como en los vóxeles',
    })
  })

  test('calls unknown what is not known, as in results from before it was measured', async () => {
    await open()
    changeMesh({
      watertight: false,
      volume_ml: null,
      volume_difference_percent: null,
      deviation_p95_mm: null,
      deviation_max_mm: null,
      same_side: null,
    })
    select('spleen')
    expect(facts()).toMatchObject({
      Surface: 'not closed: it encloses no volume',
      'Volume inside': 'unknown',
      Deviation: 'unknown',
      'Left and right': 'unknown: it lies in the middle, or was not checked',
    })
    changeMesh({ volume_ml: 180.32, volume_difference_percent: null })
    select('spleen')
    expect(facts()).toMatchObject({ 'Volume inside': '180 ml' })
  })

  test('warns of a mesh on the other side', async () => {
    await open()
    changeMesh({ same_side: false })
    select('spleen')
    expect(facts()['Left and right']).toBe('not as in the voxels: do not use this mesh')
  })

  test('says so where there is none', async () => {
    await open()
    select('gallbladder')
    const details = screen.getByRole('region', { name: 'Mesh: Gallbladder' })
    expect(details.textContent).toContain('none: no surface could be made')
  })
})

describe('taking it away', () => {
  test('CSV holds what is on the screen, in its order, with units and all figures', async () => {
    const blobs: Blob[] = []
    URL.createObjectURL = (blob: Blob) => {
      blobs.push(blob)
      return 'blob:here'
    }
    const names: string[] = []
    HTMLAnchorElement.prototype.click = function () {
      names.push(this.download)
    }
    const user = await open()
    await user.click(screen.getByRole('button', { name: 'Download the table as CSV' }))
    expect(names).toEqual(['iris-oculus-abc123def456.csv'])
    const bytes = new Uint8Array(await (blobs[0] ?? new Blob()).arrayBuffer())
    expect([...bytes.slice(0, 3)]).toEqual([0xef, 0xbb, 0xbf])
    const lines = new TextDecoder().decode(bytes).split('\r\n')
    expect(lines[0]).toBe(
      'name,structure,body system,volume (ml),mean density (HU),SD of density (HU),surface (cm2),triangles,cut off by the edge of the scan',
    )
    expect(lines[1]).toMatch(/^kidney_right,Right kidney,Urinary system,1512\.108,,/)
    expect(lines[2]).toMatch(/^liver,Liver,Digestive system,1400\.5,104,.*,yes$/)
    expect(lines[4]).toMatch(/^gallbladder,Gallbladder,Digestive system,20\.25,-0\.2,14\.5,,,no$/)
    expect(lines).toHaveLength(7)
  })

  test('the clipboard gets it too, and says so', async () => {
    const user = await open()
    await user.click(screen.getByRole('button', { name: 'Copy table' }))
    expect(screen.getByRole('button', { name: 'Copied' })).toBeDefined()
    const text = await navigator.clipboard.readText()
    expect(text.split('\n')[1]).toMatch(
      /^kidney_right\tRight kidney\tUrinary system\t1512\.108\t\t/,
    )
  })
})
