import axe from 'axe-core'
import { expect } from 'vitest'

/**
 * Nothing that axe finds wrong. Colour contrast cannot be judged without a layout: contrast.test.ts
 * reckons it, and the tests in the real browser see it.
 */
export async function expectAccessible(container: Element): Promise<void> {
  const { violations } = await axe.run(container, {
    resultTypes: ['violations'],
    rules: { 'color-contrast': { enabled: false }, region: { enabled: false } },
  })
  const found = violations.map(({ id, help, nodes }) => ({
    id,
    help,
    where: nodes.map(({ html }) => html),
  }))
  expect(found).toEqual([])
}
