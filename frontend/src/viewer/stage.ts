/**
 * One WebGL context below all panes of the workspace, so that they share textures and shaders.
 *
 * The canvas lies behind the panes' elements; each pane is drawn where its element is, and only
 * when it asks for it: no frame is drawn while nothing changes.
 */

import { WebGLRenderer } from 'three'

/** Where a pane lies on the canvas, in CSS pixels from its lower left corner, as WebGL counts. */
export interface PaneRectangle {
  x: number
  y: number
  width: number
  height: number
}

export interface Pane {
  readonly element: HTMLElement
  /** Draw into the rectangle; viewport and scissor are set. */
  draw(renderer: WebGLRenderer, rectangle: PaneRectangle): void
}

const MAX_PIXEL_RATIO = 2

export class Stage {
  readonly renderer: WebGLRenderer
  private readonly panes = new Set<Pane>()
  private readonly stale = new Set<Pane>()
  private readonly observer: ResizeObserver
  private frame: number | null = null

  /** Fill `container`, which must be positioned, with a canvas behind its other children. */
  constructor(private readonly container: HTMLElement) {
    // What one pane drew must stay while another one is drawn anew.
    this.renderer = new WebGLRenderer({
      antialias: true,
      preserveDrawingBuffer: true,
      stencil: true,
    })
    this.renderer.setScissorTest(true)
    this.renderer.autoClear = false
    this.renderer.localClippingEnabled = true
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
    this.panes.add(pane)
    this.observer.observe(pane.element)
    this.invalidate(pane)
    return () => {
      this.panes.delete(pane)
      this.stale.delete(pane)
      this.observer.unobserve(pane.element)
    }
  }

  /** Draw a pane, or all of them, in the next frame. */
  invalidate(pane?: Pane): void {
    for (const each of pane === undefined ? this.panes : [pane]) this.stale.add(each)
    this.frame ??= requestAnimationFrame(() => this.draw())
  }

  dispose(): void {
    if (this.frame !== null) cancelAnimationFrame(this.frame)
    this.observer.disconnect()
    this.renderer.domElement.remove()
    this.renderer.dispose()
  }

  private draw(): void {
    this.frame = null
    for (const pane of this.stale) {
      if (!this.panes.has(pane)) continue
      const rectangle = this.rectangleOf(pane)
      if (rectangle.width <= 0 || rectangle.height <= 0) continue // hidden
      const { x, y, width, height } = rectangle
      this.renderer.setViewport(x, y, width, height)
      this.renderer.setScissor(x, y, width, height)
      pane.draw(this.renderer, rectangle)
    }
    this.stale.clear()
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
