/**
 * Watches WebGL from below, the same for every page that is measured: when each picture began, when
 * the graphics had really drawn it, what of it was triangles, and how much memory was asked for.
 * Must be imported before anything draws.
 */

export interface Picture {
  /** When what the picture answers happened: null if nothing did since the one before. */
  readonly askedMs: number | null
  /** When a script that did it was through; the browser passes the user's own doings to the page
   * just before a frame, a script's wait for one. */
  readonly actedMs: number | null
  /** When its frame began, in ms since the page did. */
  readonly startedMs: number
  /** When its pixels could be read back. */
  readonly finishedMs: number
  readonly triangles: number
  readonly drawCalls: number
  /** Whether the graphics have the scan, without which there is no slice. */
  readonly hasScan: boolean
}

const pictures: Picture[] = []
const sizes = new Map<object, number>()
const waiting: (() => void)[] = []
let hasScan = false
let askedMs: number | null = null
let actedMs: number | null = null
let frameMs: number | null = null
let current: { startedMs: number; triangles: number; drawCalls: number } | null = null

/** Bytes a pixel of the formats that the pages use. */
const PIXEL_BYTES = new Map<number, number>([
  [WebGL2RenderingContext.RGBA8, 4],
  [WebGL2RenderingContext.SRGB8_ALPHA8, 4],
  [WebGL2RenderingContext.R8UI, 1],
  [WebGL2RenderingContext.R16F, 2],
  [WebGL2RenderingContext.RG16F, 4],
  [WebGL2RenderingContext.RGBA16F, 8],
  [WebGL2RenderingContext.DEPTH_COMPONENT16, 2],
  [WebGL2RenderingContext.DEPTH_COMPONENT24, 4],
  [WebGL2RenderingContext.DEPTH24_STENCIL8, 4],
])

function pixelBytes(format: number): number {
  const bytes = PIXEL_BYTES.get(format)
  if (bytes === undefined) throw new Error(`how large is a pixel of format ${format}?`)
  return bytes
}

function drew(gl: WebGL2RenderingContext, count: number): void {
  if (current === null) {
    current = { startedMs: frameMs ?? performance.now(), triangles: 0, drawCalls: 0 }
    queueMicrotask(() => finish(gl)) // when the page's own code of this picture is through
  }
  current.triangles += count / 3
  current.drawCalls += 1
}

function finish(gl: WebGL2RenderingContext): void {
  if (current === null) return
  const pixel = new Uint8Array(4)
  gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, pixel) // waits for all that was drawn
  pictures.push({ ...current, askedMs, actedMs, hasScan, finishedMs: performance.now() })
  current = askedMs = actedMs = null
  for (const done of waiting.splice(0)) done()
}

addEventListener('pointermove', () => (askedMs ??= performance.now()), { capture: true })

/** Do something in the user's place. */
export function act(doing: () => void): void {
  askedMs ??= performance.now()
  doing()
  // After those of the page's own, in which React renders.
  queueMicrotask(() => queueMicrotask(() => (actedMs = performance.now())))
}

const requestFrame = window.requestAnimationFrame.bind(window)
window.requestAnimationFrame = (callback) =>
  requestFrame((now) => {
    frameMs = performance.now()
    try {
      callback(now)
    } finally {
      frameMs = null
    }
  })

/** When something that was done after so many pictures is seen. */
async function answerAfter(count: number): Promise<void> {
  while (!pictures.slice(count).some(({ askedMs }) => askedMs !== null))
    await new Promise<void>((resolve) => waiting.push(resolve))
}

function setSize(of: unknown, bytes: number): void {
  if (typeof of === 'object' && of !== null) sizes.set(of, bytes)
}

/** Look at a method's arguments before it runs. */
function before(
  gl: WebGL2RenderingContext,
  name: keyof WebGL2RenderingContext,
  look: (...given: never[]) => void,
): void {
  const method = Reflect.get(gl, name) as (...given: unknown[]) => unknown
  const looking = (...given: unknown[]): unknown => {
    Reflect.apply(look, undefined, given)
    return Reflect.apply(method, gl, given)
  }
  Object.assign(gl, { [name]: looking })
}

function watch(gl: WebGL2RenderingContext): void {
  before(gl, 'drawArrays', (_mode: number, _first: number, count: number) => drew(gl, count))
  before(gl, 'drawElements', (_mode: number, count: number) => drew(gl, count))
  before(gl, 'bufferData', (target: number, content: number | ArrayBufferView) => {
    const binding =
      target === gl.ELEMENT_ARRAY_BUFFER ? gl.ELEMENT_ARRAY_BUFFER_BINDING : gl.ARRAY_BUFFER_BINDING
    setSize(gl.getParameter(binding), typeof content === 'number' ? content : content.byteLength)
  })
  watchImages(gl)
  for (const name of ['deleteBuffer', 'deleteTexture', 'deleteRenderbuffer'] as const) {
    before(gl, name, (gone: object | null) => gone !== null && sizes.delete(gone))
  }
}

type Extent = readonly number[]

function watchImages(gl: WebGL2RenderingContext): void {
  const allocated = (binding: number, format: number, extent: Extent) =>
    setSize(
      gl.getParameter(binding),
      extent.reduce((product, side) => product * side, pixelBytes(format)),
    )
  before(
    gl,
    'texStorage2D',
    (_target: number, _levels: number, format: number, ...extent: Extent) =>
      allocated(gl.TEXTURE_BINDING_2D, format, extent),
  )
  before(
    gl,
    'texStorage3D',
    (_target: number, _levels: number, format: number, ...extent: Extent) => {
      hasScan = true
      allocated(gl.TEXTURE_BINDING_3D, format, extent)
    },
  )
  before(gl, 'renderbufferStorage', (_target: number, format: number, ...extent: Extent) =>
    allocated(gl.RENDERBUFFER_BINDING, format, extent),
  )
  before(
    gl,
    'renderbufferStorageMultisample',
    (_target: number, samples: number, format: number, ...extent: Extent) =>
      allocated(gl.RENDERBUFFER_BINDING, format, [...extent, Math.max(1, samples)]),
  )
}

const contexts = new WeakSet<WebGL2RenderingContext>()
// The method is put back on the same kind of object that it was taken from.
// eslint-disable-next-line @typescript-eslint/unbound-method
const { getContext } = HTMLCanvasElement.prototype

function watchedContext(this: HTMLCanvasElement, ...request: unknown[]): unknown {
  const context: unknown = Reflect.apply(getContext, this, request)
  if (context instanceof WebGL2RenderingContext && !contexts.has(context)) {
    contexts.add(context)
    watch(context)
  }
  return context
}

HTMLCanvasElement.prototype.getContext = watchedContext as typeof getContext

/** For the script that measures. */
Object.assign(window, {
  pictures,
  answerAfter,
  /** Vertices, indices, textures and render targets; the canvas itself is not among them. */
  graphicsBytes: () => Array.from(sizes.values()).reduce((sum, bytes) => sum + bytes, 0),
})
