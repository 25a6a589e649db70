import { cleanup, screen } from '@testing-library/react'
import { afterEach, describe, expect, test } from 'vitest'

import type { Api } from '../../api/client'
import { NetworkError } from '../../api/errors'
import type { Job, Tasks } from '../../api/types'
import { CameraRequests } from '../../session/camera'
import { createScene } from '../../session/scene'
import { expectAccessible } from '../../testing/axe'
import { structuresOfTask } from '../../testing/catalogue'
import { finishedJob } from '../../testing/finished_job'
import { renderWithTexts } from '../../testing/render_with_texts'
import { AboutPanel } from './about_panel'
import { SENTENCES } from './engine_limits'

const job = finishedJob(structuresOfTask('hounsfield', 'total'))
const offline: Pick<Api, 'tasks'> = { tasks: () => Promise.reject(new NetworkError()) }

async function open(changes: Partial<Job> = {}, language: 'en' | 'es' = 'en', api = offline) {
  await renderWithTexts(
    <AboutPanel
      scene={createScene()}
      camera={new CameraRequests()}
      job={{ ...job, ...changes }}
      api={api}
    />,
    language,
  )
}

/** What is said of each fact in a part of the panel. */
function facts(part: string): Record<string, string> {
  const region = screen.getByRole('region', { name: part })
  return Object.fromEntries(
    [...region.querySelectorAll('dl > div')].map(({ children: [name, what] }) => [
      name?.textContent ?? '',
      what?.textContent ?? '',
    ]),
  )
}

const engine = (changes: Partial<NonNullable<Job['engine']>>): Partial<Job> => ({
  engine: {
    name: 'totalsegmentator',
    version: '2.18.0',
    device: 'cuda',
    models: [],
    limits: SENTENCES.totalsegmentator,
    ...changes,
  },
})
const limits = () =>
  [...document.querySelectorAll<HTMLElement>('[data-limit]')].map(({ dataset }) => dataset['limit'])

afterEach(cleanup)

test('says that it is no medical device, in both languages', async () => {
  await open()
  expect(screen.getByText('Not a medical device')).toBeDefined()
  cleanup()
  await open({}, 'es')
  expect(screen.getByText('No es un producto sanitario')).toBeDefined()
})

test('is accessible', async () => {
  await open()
  await expectAccessible(document.body)
})

describe('the engine', () => {
  test('its version, device and models', async () => {
    await open(engine({ models: ['Dataset297 (sha256 9f2c)'] }))
    expect(facts('Segmentation')).toEqual({
      Version: '2.18.0',
      'Ran on': 'GPU',
      Models: 'Dataset297 (sha256 9f2c)',
    })
  })

  test('its limits in the language of the page, and in the original wording', async () => {
    const words = `${SENTENCES.totalsegmentator} ${SENTENCES.fast}`
    await open(engine({ limits: words }), 'es')
    expect(limits()).toEqual(['totalsegmentator', 'fast'])
    expect(screen.getByText(/Aprendió de estudios habituales de adultos/)).toBeDefined()
    expect(screen.getByText(words).lang).toBe('en')
  })

  test('models that know phantoms only are never said to have learnt from patients', async () => {
    await open(engine({ limits: SENTENCES.synthetic }), 'es')
    expect(limits()).toEqual(['synthetic'])
    expect(screen.getByText(/NO APTO PARA PACIENTES/)).toBeDefined()
  })

  test('a limit without a text here is shown as it came, beside those that have one', async () => {
    await open(engine({ limits: `${SENTENCES.hounsfield} It fears water.` }), 'es')
    expect(limits()).toEqual(['hounsfield'])
    expect(screen.getByText('It fears water.').lang).toBe('en')
  })

  test('an engine that is not known is called as the API calls it', async () => {
    await open(engine({ name: 'newnet', limits: 'Knows nothing.' }), 'es')
    expect(screen.getByText('newnet')).toBeDefined()
    expect(screen.getByText('Knows nothing.')).toBeDefined()
    expect(screen.queryByText('En la redacción original')).toBeNull()
  })
})

describe('the geometry', () => {
  test('in plain words', async () => {
    await open()
    expect(facts('Geometry of the scan')).toEqual({
      File: 'NIfTI',
      Modality: 'CT',
      Voxels: '512 × 512 × 431',
      'Voxel size': '0.780 × 0.780 × 1.50 mm',
      Extent: '399 × 399 × 647 mm',
      Axes: 'LPS (to the left, to the back, to the head)',
      'Left and right': 'The file says where left and right are.',
    })
  })

  test('doubtful sides are said to be so', async () => {
    const { inspection } = job
    if (inspection?.geometry == null) throw new Error('the job has a geometry')
    const geometry = { ...inspection.geometry, orientation_trusted: false }
    await open({ inspection: { ...inspection, geometry } })
    expect(facts('Geometry of the scan')['Left and right']).toMatch(/may be exchanged/)
  })

  test('nothing is made up where there was no inspection', async () => {
    await open({ inspection: null })
    expect(facts('Geometry of the scan')).toEqual({})
    expect(screen.getByText(/its geometry is not known here/)).toBeDefined()
  })
})

describe('processing', () => {
  test('times stand in the order of the stages, with their sum', async () => {
    await open({ timings_s: { polishing: 1, meshing: 88.3, loading: 6.2 } })
    expect(Object.entries(facts('Processing time'))).toEqual([
      ['Reading the scan', '6.2 s'],
      ['Making meshes', '1 min 28 s'],
      ['polishing', '1 s'],
      ['Total', '1 min 36 s'],
    ])
  })

  test('the cost with what it rests on', async () => {
    await open()
    expect(facts('Cost')).toEqual({
      Processing: '$0.049',
      'Starting the machine': '$0.081 (not part of it)',
      Machine: 'ml.g6.xlarge',
      Basis: 'Measured seconds on the instance; prices of us-east-1, 2026-01-15.',
    })
  })

  test('an amount that is not known is left out, its reason is not', async () => {
    const basis = 'Not billed by the hour, or ended before its cost could be measured.'
    await open({ cost: { usd: null, cold_start_usd: null, instance_type: null, basis } })
    expect(facts('Cost')).toEqual({ Basis: basis })
  })

  test('no cost, no options, no times: no such parts', async () => {
    await open({ cost: null, options: null, timings_s: {} })
    for (const part of ['Cost', 'Options', 'Processing time']) {
      expect(screen.queryByRole('region', { name: part })).toBeNull()
    }
  })
})

describe('the task’s licence', () => {
  const answering = (name: string): Pick<Api, 'tasks'> => ({
    tasks: () =>
      Promise.resolve({
        ok: true,
        engine: name,
        tasks: [{ name: 'total', licence: 'open' }],
      } as unknown as Tasks), // no more than the panel reads
  })

  test('is the service’s, where it runs the same engine', async () => {
    await open({}, 'en', answering('totalsegmentator'))
    expect(await screen.findByText('open: no licence key is needed.')).toBeDefined()
  })

  test('is left out where another engine runs there now', async () => {
    await open({}, 'en', answering('hounsfield'))
    await Promise.resolve()
    expect(Object.keys(facts('Licences'))).toEqual(['TotalSegmentator'])
  })
})
