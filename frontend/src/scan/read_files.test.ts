// @vitest-environment node
import { gzipSync, zipSync } from 'fflate'
import { describe, expect, test } from 'vitest'

import { dicomBytes, joined, type SliceOptions } from '../testing/dicom_bytes'
import { niftiBytes, type NiftiOptions } from '../testing/nifti_bytes'
import { readFiles, type ReadProgress } from './read_files'

const file = (bytes: Uint8Array<ArrayBuffer>, name = 'IM1') => new File([bytes], name)
const zip = (members: Record<string, Uint8Array>) => file(zipSync(members), 'study.zip')

/** Slices 2.5 mm apart, in an order of names that is not theirs in space. */
function series(options: SliceOptions = {}, count = 5): Uint8Array<ArrayBuffer>[] {
  const order = Array.from({ length: count }, (_, n) => (n * 11 + 1) % count)
  return order.map((n) =>
    dicomBytes({ position: [10, 20, n * 2.5], spacing: [0.7, 0.8], ...options }),
  )
}

const files = (slices: readonly Uint8Array<ArrayBuffer>[]) =>
  slices.map((bytes, n) => file(bytes, `IM${n}`))

async function only(chosen: readonly File[], modalities?: readonly string[]) {
  const found = await readFiles(chosen, modalities === undefined ? {} : { modalities })
  expect(found).toHaveLength(1)
  const [candidate] = found
  if (candidate === undefined) throw new Error('nothing found')
  return candidate
}

describe('NIfTI', () => {
  const affine = [
    [0, 0, 2, 5],
    [-0.7, 0, 0, 5],
    [0, 1.5, 0, 5],
  ]

  test.each([
    ['plain', (bytes: Uint8Array<ArrayBuffer>) => bytes],
    ['gzipped', (bytes: Uint8Array<ArrayBuffer>) => gzipSync(bytes)],
  ])('is told by its content when %s, whatever its name', async (_, pack) => {
    const bytes = pack(niftiBytes({ shape: [5, 6, 7], affine }))
    const candidate = await only([file(bytes, 'holiday.jpg')])
    expect(candidate).toMatchObject({ kind: 'nifti', refusal: null, sizeBytes: bytes.length })
    expect(candidate.description.shape).toEqual([5, 6, 7])
    expect(candidate.description.modality).toBeNull()
    expect(candidate.description.spacingMm?.map((mm) => mm.toFixed(3))).toEqual([
      '0.700',
      '1.500',
      '2.000',
    ])
  })

  test.each<[string, NiftiOptions, string | null]>([
    ['of big-endian numbers', { littleEndian: false }, null],
    ['with a fourth axis of one', { shape: [4, 4, 4, 1] }, null],
    ['with time points', { shape: [4, 4, 4, 2] }, 'time_series'],
    ['with two slices', { shape: [4, 4, 2] }, 'too_few_slices'],
    ['that is a picture', { shape: [4, 4] }, 'too_few_slices'],
    ['of colours', { datatype: 128 }, 'no_image'],
    ['that is half of a pair', { magic: 'ni1\0' }, 'two_files'],
    ['without a spacing', { affine: [[0, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0]] }, 'no_geometry'], // prettier-ignore
    ['that breaks off', { shape: [4, 4, 400], voxels: [1, 2, 3] }, 'damaged'],
  ])('%s: %s → %s', async (_, options, refusal) => {
    expect((await only([file(niftiBytes(options))])).refusal).toBe(refusal)
  })

  test('of which gzip is damaged is refused', async () => {
    const bytes = gzipSync(niftiBytes())
    bytes.fill(0xff, 12, 40)
    expect((await only([file(bytes)])).refusal).toBe('damaged')
  })
})

describe('DICOM', () => {
  test('series are told apart, the larger one first', async () => {
    const found = await readFiles([
      ...files(series({ series: '1.1', description: 'Portal' }, 4)),
      ...files(series({ series: '1.2', description: 'Late', modality: 'MR' }, 7)),
    ])
    expect(found.map(({ id, description: { title, modality }, files: own }) => [
      id, title, modality, own.length,
    ])).toEqual([
      ['scan-1', 'Late', 'MR', 7],
      ['scan-2', 'Portal', 'CT', 4],
    ]) // prettier-ignore
  })

  test('a series has the grid that its positions make', async () => {
    const { description, sizeBytes, kind } = await only(files(series()))
    expect(kind).toBe('dicom')
    expect(description).toMatchObject({
      shape: [4, 3, 5],
      spacingMm: [0.8, 0.7, 2.5],
      sliceCount: 5,
    })
    expect(sizeBytes).toBe(series().reduce((sum, { length }) => sum + length, 0))
  })

  test('a description is read in its own encoding', async () => {
    const latin1 = Uint8Array.from('Tórax', (letter) => letter.charCodeAt(0))
    const { description } = await only(
      files(series({ charset: 'ISO_IR 100', description: latin1 })),
    )
    expect(description.title).toBe('Tórax')
  })

  test.each<[string, SliceOptions, number, string | null]>([
    ['CT', {}, 3, null],
    ['without a modality', { modality: '' }, 3, null],
    ['two slices', {}, 2, 'too_few_slices'],
    ['ultrasound', { modality: 'US' }, 3, 'wrong_modality'],
    ['a mask', { modality: 'SEG' }, 3, 'no_image'],
    ['colours', { photometric: 'RGB' }, 3, 'no_image'],
    ['a report', { modality: 'SR', pixels: null }, 1, 'no_image'],
    ['localizers', { imageType: 'ORIGINAL\\PRIMARY\\LOCALIZER' }, 3, 'localizer'],
    ['slices without a place', { position: null }, 3, 'no_geometry'],
    ['a video codec', { transferSyntax: '1.2.840.10008.1.2.4.100' }, 3, 'unsupported'],
    ['deflated files', { transferSyntax: '1.2.840.10008.1.2.1.99' }, 3, 'unsupported'],
  ])('%s', async (_, options, count, refusal) => {
    const candidate = await only(files(series(options, count)), ['CT', 'MR'])
    expect(candidate.refusal).toBe(refusal)
  })

  test('MR is refused where there are only tasks for CT', async () => {
    const slices = files(series({ modality: 'MR' }))
    expect((await only(slices, ['CT'])).refusal).toBe('wrong_modality')
    expect((await only(slices, ['CT', 'MR'])).refusal).toBeNull()
  })

  test('localizers and reports of a series are left out of what is sent', async () => {
    const localizer = dicomBytes({ imageType: 'DERIVED\\SECONDARY\\LOCALIZER' })
    const candidate = await only(files([...series({}, 3), localizer]))
    expect(candidate.refusal).toBeNull()
    expect(candidate.files).toHaveLength(3)
  })

  test('the directory of a medium is passed over', async () => {
    const directory = dicomBytes({ sopClass: '1.2.840.10008.1.3.10', series: '', pixels: null })
    const candidate = await only(files([directory, ...series()]))
    expect(candidate.files).toHaveLength(5)
  })

  test('files that lie there twice count once; other images at the same places do not', async () => {
    const once = series()
    expect((await only(files([...once, ...once]))).files).toHaveLength(5)
    expect((await only(files([...series(), ...series()]))).refusal).toBe('time_series')
  })

  test('a header longer than what is read first is read on', async () => {
    const description = 'x'.repeat(40_000)
    const { description: found } = await only(files(series({ description })))
    expect(found).toMatchObject({ title: description, sliceCount: 5 })
  })

  test('pixels that break off are noticed before anything is sent', async () => {
    const slices = series()
    const broken = slices.map((bytes, n) => (n === 2 ? bytes.slice(0, -4) : bytes))
    expect((await only(files(broken))).refusal).toBe('damaged')
  })

  test('a file that breaks off within its header stands beside its series', async () => {
    const [first, ...others] = series()
    const found = await readFiles(files([(first ?? joined([])).slice(0, 300), ...others]))
    expect(found.map(({ refusal, files: own }) => [refusal, own.length])).toEqual([
      [null, 4],
      ['damaged', 1],
    ])
  })
})

describe('zip', () => {
  const members = (slices: readonly Uint8Array[], folder = 'a') =>
    Object.fromEntries(slices.map((bytes, n) => [`${folder}/IM${n}`, bytes]))

  test('of one series can be sent as it is', async () => {
    const slices = series({ description: 'Late' })
    const archive = zip({ ...members(slices), 'readme.txt': joined([]) })
    const candidate = await only([archive])
    expect(candidate).toMatchObject({ kind: 'dicom', refusal: null, sizeBytes: archive.size })
    expect(candidate.archive).toBe(archive)
    expect(candidate.description).toMatchObject({ title: 'Late', sliceCount: 5 })
    expect(await candidate.files[0]?.arrayBuffer()).toEqual(slices[0]?.buffer)
  })

  test('of several series gives them to choose from', async () => {
    const archive = zip({
      ...members(series({ series: '1.1' }, 4), 'a'),
      ...members(series({ series: '1.2' }, 3), 'b'),
    })
    const found = await readFiles([archive])
    expect(found.map(({ archive: whole, files: own }) => [whole, own.length])).toEqual([
      [null, 4],
      [null, 3],
    ])
  })

  test('of a NIfTI file gives that file', async () => {
    const candidate = await only([zip({ 'ct.nii': niftiBytes() })])
    expect(candidate).toMatchObject({ kind: 'nifti', refusal: null, archive: null })
    expect(await candidate.files[0]?.arrayBuffer()).toEqual(niftiBytes().buffer)
  })

  test('without a scan is refused', async () => {
    expect((await only([zip({ 'a.txt': joined([]) })])).refusal).toBe('no_image')
  })

  test('that breaks off is refused', async () => {
    const bytes = new Uint8Array(await zip(members(series())).arrayBuffer())
    expect((await only([file(bytes.slice(0, -30), 'a.zip')])).refusal).toBe('damaged')
  })

  test('with a password is refused', async () => {
    const bytes = new Uint8Array(await zip(members(series(), 'a')).arrayBuffer())
    const view = new DataView(bytes.buffer)
    for (let at = 0; at + 4 < bytes.length; at += 1) {
      if (view.getUint32(at, true) === 0x02014b50) view.setUint16(at + 8, 1, true)
    }
    expect((await only([file(bytes, 'a.zip')])).refusal).toBe('encrypted')
  })
})

test('other files are named only where there is nothing else', async () => {
  const note = file(joined([new Uint8Array([1, 2, 3])]), 'note.txt')
  expect(await only([note])).toMatchObject({ refusal: 'not_a_scan', sizeBytes: 3 })
  expect((await only([note, ...files(series())])).kind).toBe('dicom')
})

test('an empty file is called empty', async () => {
  expect((await only([file(joined([]), 'ct.nii.gz')])).refusal).toBe('empty')
})

test('no files give no candidates', async () => {
  expect(await readFiles([])).toEqual([])
})

test('progress ends with all files, those within a zip too', async () => {
  const seen: ReadProgress[] = []
  const archive = zip({ a: dicomBytes(), b: dicomBytes() })
  await readFiles([archive, ...files(series())], { onProgress: (progress) => seen.push(progress) })
  expect(seen.at(-1)).toEqual({ readCount: 8, totalCount: 8 })
  expect(seen.map(({ readCount }) => readCount)).toEqual(
    seen.map(({ readCount }) => readCount).sort((a, b) => a - b),
  )
})

test('reading can be called off', async () => {
  const controller = new AbortController()
  const reading = readFiles(files(series({}, 50)), {
    signal: controller.signal,
    onProgress: () => controller.abort(),
  })
  await expect(reading).rejects.toThrow(DOMException)
})

test('nothing but what is shown is kept of a header', async () => {
  const candidate = await only(files(series()))
  expect(JSON.stringify({ ...candidate, files: [] })).not.toContain('Surname')
})
