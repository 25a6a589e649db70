/** Decompress what is still compressed: a server may have decoded it on the way. */
export async function gunzipped(file: ArrayBuffer): Promise<ArrayBuffer> {
  const [first, second] = new Uint8Array(file, 0, Math.min(2, file.byteLength))
  if (first !== 0x1f || second !== 0x8b) return file // RFC 1952, section 2.3.1
  const stream = new Blob([file]).stream().pipeThrough(new DecompressionStream('gzip'))
  return new Response(stream).arrayBuffer()
}
