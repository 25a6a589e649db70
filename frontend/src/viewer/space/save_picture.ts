/** Saves what the 3D view shows as a PNG, with the measured distance. */

import type { WebGLRenderer } from 'three'

import type { Scene } from '../../session/scene'
import type { SpaceView } from './space_view'
import { lengthText } from '../measure_line'

export function savePicture(
  view: SpaceView,
  renderer: WebGLRenderer,
  scene: Scene,
  fileName: string,
): void {
  const image = view.picture(renderer)
  const canvas = document.createElement('canvas')
  canvas.width = image.width
  canvas.height = image.height
  const context = canvas.getContext('2d')
  if (context === null) return
  context.putImageData(image, 0, 0)
  drawDistance(context, view, scene, renderer.getPixelRatio())
  canvas.toBlob((blob) => {
    if (blob === null) return
    const link = document.createElement('a')
    link.href = URL.createObjectURL(blob)
    link.download = fileName
    link.click()
    URL.revokeObjectURL(link.href)
  }, 'image/png')
}

function drawDistance(
  context: CanvasRenderingContext2D,
  view: SpaceView,
  { measured, background }: Scene,
  ratio: number,
): void {
  const [a, b] = measured
  if (a === undefined || b === undefined) return
  const [from, to] = [view.toScreen(a), view.toScreen(b)]
  if (from === null || to === null) return
  const ink = background === 'light' ? '#10202c' : '#ffffff'
  context.scale(ratio, ratio)
  context.strokeStyle = context.fillStyle = ink
  context.lineWidth = 2
  context.beginPath()
  context.moveTo(from.x, from.y)
  context.lineTo(to.x, to.y)
  context.stroke()
  context.font = '600 13px system-ui, sans-serif'
  context.textAlign = 'center'
  const text = `${lengthText(a, b, document.documentElement.lang)} mm`
  context.fillText(text, (from.x + to.x) / 2, (from.y + to.y) / 2 - 12)
}
