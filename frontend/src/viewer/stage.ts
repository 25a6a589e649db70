/**
 * One WebGL context below all panes of the workspace, so that they share textures and shaders.
 *
 * The canvas lies behind the panes' elements; each pane is drawn where its element is, and only
 * when it asks for it: no frame is drawn while nothing changes. A frame waits until the graphics
 * have finished the one before, so that slow ones fall behind by a frame and not by seconds; and a
 * costly pane waits until the others have been still for a moment.
 */

import { ColorManagement, LinearSRGBColorSpace, WebGLRenderer } from 'three'

/** Where a pane lies on the canvas, in CSS pixels from its lower left corner, as WebGL counts. */
export interface PaneRectangle {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export interface Pane {
  readonly element: HTMLElement
  /** Drawn late, if the others are to stay fluent; urgent while the user moves in this very pane. */
  readonly costly: boolean
  readonly urgent: boolean
  /** Draw into the rectangle; viewport and scissor are set. */
  draw(renderer: WebGLRenderer, rectangle: PaneRectangle): void
  /** Place what is drawn above the picture by the document: lines, letters, labels. */
  drawOverlay(): void
  /** How long the graphics took for the last picture of this pane, in ms. */
  measured(elapsedMs: number): void
}

const MAX_PIXEL_RATIO = 2
/** A costly pane is drawn along with the others if it takes no longer. */
const AFFORDABLE_MS = 20
/** Else it waits until the others have been still for so long. */
const STILL_MS = 140

export class Stage {
  readonly renderer: WebGLRenderer
  private readonly panes = new Set<Pane>()
  private readonly stale = new Set<Pane>()
  private readonly staleOverlays = new Set<Pane>()
  private readonly costMs = new WeakMap<Pane, number>()
  private readonly observer: ResizeObserver
  private frame: number | null = null
  private waiting: ReturnType<typeof setTimeout> | null = null
  private drawnAt = -Infinity
  private busy = false
  private disposed = false
  private drawnFrames = 0

  /** Fill `container`, which must be positioned, with a canvas behind its other children. */
  constructor(private readonly container: HTMLElement) {
    // Colours are shaded as they are shown, as medical viewers do it: a structure's colour under
    // full light is the colour of its row. It spares a conversion of each pixel, too.
    ColorManagement.enabled = false
    // What one pane drew must stay while another one is drawn anew.
    this.renderer = new WebGLRenderer({ antialias: false, preserveDrawingBuffer: true })
    this.renderer.outputColorSpace = LinearSRGBColorSpace
    this.renderer.setScissorTest(true)
    this.renderer.autoClear = false
    const canvas = this.renderer.domElement
    canvas.className = 'absolute inset-0 size-full pointer-events-none'
    canvas.setAttribute('aria-hidden', 'true')
    container.prepend(canvas)
    this.observer = new ResizeObserver(() => this.resize())
    this.observer.observe(container)
    this.resize()
  }

  /** Draw this pane from now on; returns what ends it. */
  add(pane: Pane): () => void {
    const { element } = pane
    this.panes.add(pane)
    this.observer.observe(element)
    this.invalidate(pane)
    return () => {
      this.panes.delete(pane)
      this.stale.delete(pane)
      this.staleOverlays.delete(pane)
      this.observer.unobserve(element)
    }
  }

  /** Draw a pane, or all of them, in the next frame. */
  invalidate(pane?: Pane): void {
    for (const each of pane === undefined ? this.panes : [pane]) {
      this.stale.add(each)
      this.staleOverlays.add(each)
    }
    this.schedule()
  }

  /** Place a pane's lines and labels anew, without drawing its picture. */
  invalidateOverlay(pane: Pane): void {
    this.staleOverlays.add(pane)
    this.schedule()
  }

  get pixelRatio(): number {
    return this.renderer.getPixelRatio()
  }

  dispose(): void {
    this.disposed = true
    if (this.frame !== null) cancelAnimationFrame(this.frame)
    if (this.waiting !== null) clearTimeout(this.waiting)
    this.observer.disconnect()
    this.renderer.domElement.remove()
    this.renderer.dispose()
    this.renderer.forceContextLoss() // browsers allow few contexts at a time
  }

  private schedule(): void {
    if (this.disposed) return
    this.frame ??= requestAnimationFrame((now) => this.drawFrame(now))
  }

  private drawFrame(now: number): void {
    this.frame = null
    if (!this.busy) this.drawPictures(now)
    for (const pane of this.staleOverlays) {
      if (!this.panes.has(pane)) this.staleOverlays.delete(pane)
      if (this.stale.has(pane)) continue // together with its picture
      this.staleOverlays.delete(pane)
      pane.drawOverlay()
    }
  }

  private drawPictures(now: number): void {
    const drawn = [...this.stale].filter((pane) => !pane.costly && this.drawPicture(pane))
    if (drawn.length > 0) this.drawnAt = now
    for (const pane of this.stale) {
      if (!pane.costly) continue
      const affordable = (this.costMs.get(pane) ?? Infinity) < AFFORDABLE_MS
      const still = now - this.drawnAt >= STILL_MS
      if (affordable || pane.urgent || still) {
        if (this.drawPicture(pane)) drawn.push(pane)
      } else {
        this.waiting ??= setTimeout(() => {
          this.waiting = null
          this.schedule()
        }, STILL_MS)
      }
    }
    if (drawn.length > 0) this.measure(drawn, performance.now())
  }

  /** False if there is nothing to draw, as the pane is hidden. */
  private drawPicture(pane: Pane): boolean {
    this.stale.delete(pane)
    if (!this.panes.has(pane)) return false
    const rectangle = this.rectangleOf(pane)
    if (rectangle.width <= 0 || rectangle.height <= 0) return false
    const { x, y, width, height } = rectangle
    this.renderer.setViewport(x, y, width, height)
    this.renderer.setScissor(x, y, width, height)
    pane.draw(this.renderer, rectangle)
    return true
  }

  /** Wait for the graphics, which work on their own: what a call takes says nothing. */
  private measure(drawn: readonly Pane[], startedAt: number): void {
    this.drawnFrames += 1
    this.renderer.domElement.dataset['frames'] = String(this.drawnFrames)
    const gl = this.renderer.getContext() as WebGL2RenderingContext // three draws on no other
    const fence = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0)
    if (fence === null) return // context lost
    gl.flush()
    this.busy = true
    const poll = () => {
      if (this.disposed) return
      const finished = gl.getSyncParameter(fence, gl.SYNC_STATUS) !== gl.UNSIGNALED
      if (!finished) {
        setTimeout(poll, 2)
        return
      }
      gl.deleteSync(fence)
      this.busy = false
      // The time that slow graphics take for the others is no stillness.
      if (drawn.some((pane) => !pane.costly)) this.drawnAt = performance.now()
      const elapsed = performance.now() - startedAt
      Object.assign(this.renderer.domElement.dataset, {
        frameMs: elapsed.toFixed(1),
        done: String(this.drawnFrames),
      })
      for (const pane of drawn) {
        this.costMs.set(pane, elapsed)
        pane.measured(elapsed)
      }
      if (this.stale.size > 0 && this.waiting === null) this.schedule()
    }
    setTimeout(poll, 0)
  }

  private rectangleOf(pane: Pane): PaneRectangle {
    const whole = this.container.getBoundingClientRect()
    const own = pane.element.getBoundingClientRect()
    return {
      x: own.left - whole.left,
      y: whole.bottom - own.bottom,
      width: own.width,
      height: own.height,
    }
  }

  private resize(): void {
    const { clientWidth, clientHeight } = this.container
    if (clientWidth === 0 || clientHeight === 0) return
    this.renderer.setPixelRatio(Math.min(devicePixelRatio, MAX_PIXEL_RATIO))
    this.renderer.setSize(clientWidth, clientHeight, false)
    this.invalidate()
  }
}
