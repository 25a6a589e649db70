// @vitest-environment node
import { strToU8, unzipSync } from 'fflate'
import { expect, test } from 'vitest'

import { listZip } from './zip_directory'
import { zipFiles } from './zip_writer'

const file = (name: string, text: string) => new File([text], name)

test('files are numbered, and nothing of their names or times is kept', async () => {
  const files = [file('SURNAME^GIVEN.dcm', 'first'), file('SURNAME^GIVEN (1).dcm', 'second')]
  const blob = await zipFiles(files, () => undefined)
  const bytes = new Uint8Array(await blob.arrayBuffer())
  expect(unzipSync(bytes)).toEqual({
    '000001.dcm': strToU8('first'),
    '000002.dcm': strToU8('second'),
  })
  expect(new TextDecoder('latin1').decode(bytes)).not.toContain('SURNAME')
  // The same files give the same archive, whenever they are packed.
  expect(new Uint8Array(await (await zipFiles(files, () => undefined)).arrayBuffer())).toEqual(
    bytes,
  )
})

test('what the page packs the page can look into', async () => {
  const files = [file('a', 'x'.repeat(100_000)), file('b', ''), file('c', 'yz')]
  const { members, encrypted } = await listZip(await zipFiles(files, () => undefined))
  expect(encrypted).toBe(false)
  expect(members.map(({ size }) => size)).toEqual([100_000, 0, 2])
  const texts = await Promise.all(members.map((member) => new Response(member.stream()).text()))
  expect(texts).toEqual(['x'.repeat(100_000), '', 'yz'])
})

test('what was read is counted up to the end', async () => {
  const counts: number[] = []
  await zipFiles([file('a', 'abc'), file('b', 'de')], (bytes) => counts.push(bytes))
  expect(counts).toEqual([3, 5])
})

test('it can be called off', async () => {
  const files = [file('a', 'abc'), file('b', 'de')]
  const controller = new AbortController()
  const zipping = zipFiles(files, () => controller.abort(), controller.signal)
  await expect(zipping).rejects.toThrow(DOMException)
})
