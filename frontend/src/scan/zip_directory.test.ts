// @vitest-environment node
import { zipSync } from 'fflate'
import { describe, expect, test } from 'vitest'

import { joined } from '../testing/dicom_bytes'
import { startOf } from './file_bytes'
import { DamagedZip, listZip, ZipMember } from './zip_directory'

const text = (value: string) => new TextEncoder().encode(value)
const blob = (bytes: Uint8Array) => new Blob([bytes as Uint8Array<ArrayBuffer>])
const LONG = 'abcdefgh'.repeat(10_000)

function le(...fields: (readonly [bytes: 2 | 4 | 8, value: number])[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(fields.reduce((sum, [bytes]) => sum + bytes, 0)))
  let at = 0
  for (const [bytes, value] of fields) {
    if (bytes === 2) view.setUint16(at, value, true)
    else if (bytes === 4) view.setUint32(at, value, true)
    else view.setBigUint64(at, BigInt(value), true)
    at += bytes
  }
  return new Uint8Array(view.buffer)
}

/** One stored member whose numbers all stand in the zip64 fields, as beyond 4 GiB. */
function zip64(name: string, content: string): Uint8Array {
  const [n, c] = [text(name), text(content)]
  const local = joined([
    le([4, 0x04034b50], [2, 45], [2, 0], [2, 0], [4, 0], [4, 0], [4, c.length], [4, c.length]),
    le([2, n.length], [2, 0]),
    n,
    c,
  ])
  const central = joined([
    le([4, 0x02014b50], [2, 45], [2, 45], [2, 0], [2, 0], [4, 0], [4, 0]),
    le([4, 0xffffffff], [4, 0xffffffff], [2, n.length], [2, 36], [2, 0], [2, 0], [2, 0], [4, 0]),
    le([4, 0xffffffff]),
    n,
    le([2, 0x9999], [2, 4], [4, 7]), // a field of somebody else comes first
    le([2, 1], [2, 24], [8, c.length], [8, c.length], [8, 0]),
  ])
  const end64 = joined([
    le([4, 0x06064b50], [8, 44], [2, 45], [2, 45], [4, 0], [4, 0], [8, 1], [8, 1]),
    le([8, central.length], [8, local.length]),
  ])
  return joined([
    local,
    central,
    end64,
    le([4, 0x07064b50], [4, 0], [8, local.length + central.length], [4, 1]),
    le([4, 0x06054b50], [2, 0], [2, 0], [2, 0xffff], [2, 0xffff], [4, 0xffffffff]),
    le([4, 0xffffffff], [2, 0]),
  ])
}

async function read(archive: Blob): Promise<Record<string, string>> {
  const { members } = await listZip(archive)
  const contents = members.map(async (member) => {
    const content = new TextDecoder().decode(await member.arrayBuffer())
    return [member.name, content] as const
  })
  return Object.fromEntries(await Promise.all(contents))
}

test('members are read, deflated or not; folders are none', async () => {
  const archive = zipSync({
    folder: { 'a.txt': text(LONG) },
    'b.txt': [text('stored'), { level: 0 }],
    'empty/': new Uint8Array(0),
  })
  expect(await read(blob(archive))).toEqual({ 'folder/a.txt': LONG, 'b.txt': 'stored' })
})

test('a comment at the end is stepped over', async () => {
  const archive = zipSync({ a: text('1') }, { comment: 'x' })
  const end = archive.slice()
  new DataView(end.buffer).setUint16(end.length - 2, 3, true)
  expect(await read(new Blob([end, 'end']))).toEqual({ a: '1' })
})

test('numbers beyond 32 bits are read', async () => {
  expect(await read(blob(zip64('ct', 'voxels')))).toEqual({ ct: 'voxels' })
})

describe('the start of a member', () => {
  test.each([['deflated', 1] as const, ['stored', 0] as const])('%s', async (_, level) => {
    const { members } = await listZip(blob(zipSync({ a: [text(LONG), { level }] })))
    const [member] = members
    expect(member).toBeInstanceOf(ZipMember)
    if (member === undefined) return
    expect(new TextDecoder().decode(await startOf(member, 100))).toBe(LONG.slice(0, 100))
    expect((await startOf(member, 10 ** 6)).length).toBe(LONG.length)
  })

  test('after a name of unusual length', async () => {
    const name = 'n'.repeat(5000)
    const { members } = await listZip(blob(zipSync({ [name]: text(LONG) })))
    const start = members[0] && (await startOf(members[0], 8))
    expect(new TextDecoder().decode(start)).toBe('abcdefgh')
  })
})

test.each([
  ['nothing', new Uint8Array(0)],
  ['an end without what comes before', zipSync({ a: text(LONG) }).slice(-60)],
  ['a start without its end', zipSync({ a: text(LONG) }).slice(0, -22)],
])('%s is no zip', async (_, bytes) => {
  await expect(listZip(blob(bytes))).rejects.toThrow(DamagedZip)
})

test('methods that the page cannot inflate are named', async () => {
  const archive = zipSync({ a: text('1') }).slice()
  const view = new DataView(archive.buffer)
  for (let at = 0; at + 46 < archive.length; at += 1) {
    if (view.getUint32(at, true) === 0x02014b50) view.setUint16(at + 10, 14, true)
  }
  expect(await listZip(blob(archive))).toEqual({
    members: [],
    encrypted: false,
    unknownMethods: [14],
  })
})
