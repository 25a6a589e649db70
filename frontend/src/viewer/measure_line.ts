/** The measured distance above a pane: points, line and label, placed without React. */

import { distanceMm, type Vec3 } from '../session/vector'

interface ScreenPoint {
  readonly x: number
  readonly y: number
}

export interface MeasureElements {
  readonly group: SVGGElement
  readonly label: HTMLElement
}

const RADIUS = 4
const LABEL_ABOVE_PIXELS = 12

/** A length as it is shown: with one decimal, as the language writes it. */
export function lengthText(a: Vec3, b: Vec3, language: string): string {
  return new Intl.NumberFormat(language, {
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  }).format(distanceMm(a, b))
}

export class MeasureLine {
  constructor(
    private readonly elements: MeasureElements,
    private readonly textOf: (a: Vec3, b: Vec3) => string,
  ) {}

  /** `onScreen`: where the measured points lie, in CSS pixels of the pane. */
  update(onScreen: readonly ScreenPoint[], measured: readonly Vec3[], opacity: number): void {
    const { group, label } = this.elements
    const [first, second] = onScreen
    group.setAttribute('opacity', String(opacity))
    label.style.opacity = String(opacity)
    const [path, ...dots] = Array.from(group.children)
    dots.forEach((dot, number) => place(dot, onScreen[number]))
    if (first === undefined || second === undefined) {
      path?.setAttribute('d', '')
      label.hidden = true
      return
    }
    path?.setAttribute('d', `M${first.x} ${first.y}L${second.x} ${second.y}`)
    const [a, b] = measured
    if (a === undefined || b === undefined) return
    label.hidden = false
    label.textContent = this.textOf(a, b)
    const x = (first.x + second.x) / 2
    const y = (first.y + second.y) / 2 - LABEL_ABOVE_PIXELS
    label.style.transform = `translate(-50%, -50%) translate(${x}px, ${y}px)`
  }
}

function place(dot: Element, point: ScreenPoint | undefined): void {
  dot.setAttribute('r', point === undefined ? '0' : String(RADIUS))
  if (point === undefined) return
  dot.setAttribute('cx', String(point.x))
  dot.setAttribute('cy', String(point.y))
}
