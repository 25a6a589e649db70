/** Numbers as files store them. */

export type StoredType =
  'int8' | 'uint8' | 'int16' | 'uint16' | 'int32' | 'uint32' | 'float32' | 'float64'

type Read = (view: DataView, at: number, littleEndian: boolean) => number

const READ: Record<StoredType, { bytes: number; read: Read }> = {
  int8: { bytes: 1, read: (view, at) => view.getInt8(at) },
  uint8: { bytes: 1, read: (view, at) => view.getUint8(at) },
  int16: { bytes: 2, read: (view, at, little) => view.getInt16(at, little) },
  uint16: { bytes: 2, read: (view, at, little) => view.getUint16(at, little) },
  int32: { bytes: 4, read: (view, at, little) => view.getInt32(at, little) },
  uint32: { bytes: 4, read: (view, at, little) => view.getUint32(at, little) },
  float32: { bytes: 4, read: (view, at, little) => view.getFloat32(at, little) },
  float64: { bytes: 8, read: (view, at, little) => view.getFloat64(at, little) },
}

export const bytesOf = (type: StoredType) => READ[type].bytes

/** Reads the number of an index in an array of them. */
export function numberReader(
  bytes: Uint8Array,
  type: StoredType,
  littleEndian: boolean,
): (index: number) => number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const { bytes: size, read } = READ[type]
  return (index) => read(view, index * size, littleEndian)
}
