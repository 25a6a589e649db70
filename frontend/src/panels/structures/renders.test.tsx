/** Who renders when one of 117 structures changes: its row, and its group's eye. */

import { act, cleanup } from '@testing-library/react'
import { Profiler, type ComponentProps } from 'react'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import { CameraRequests } from '../../session/camera'
import { createScene, type SceneStore } from '../../session/scene'
import { structuresOfTask } from '../../testing/catalogue'
import { finishedJob } from '../../testing/finished_job'
import { renderWithTexts } from '../../testing/render_with_texts'
import type * as group_item from './group_item'
import type * as structure_row from './structure_row'
import { StructuresPanel } from './structures_panel'

const counts = vi.hoisted(() => ({ rows: new Map<string, number>(), groups: 0 }))

// React's own Profiler around each row, and a group that renders whenever the root of the tree does.
vi.mock('./structure_row', async (load) => {
  const { StructureRow } = await load<typeof structure_row>()
  return {
    StructureRow: (props: ComponentProps<typeof StructureRow>) => (
      <Profiler
        id={props.structure.name}
        onRender={(name) => counts.rows.set(name, (counts.rows.get(name) ?? 0) + 1)}
      >
        <StructureRow {...props} />
      </Profiler>
    ),
  }
})
vi.mock('./group_item', async (load) => {
  const { GroupItem } = await load<typeof group_item>()
  return {
    GroupItem: (props: ComponentProps<typeof GroupItem>) => {
      counts.groups += 1
      return <GroupItem {...props} />
    },
  }
})

const job = finishedJob(structuresOfTask('totalsegmentator', 'total'))
let scene: SceneStore

beforeEach(async () => {
  scene = createScene()
  scene.getState().show(job.structures)
  await renderWithTexts(<StructuresPanel scene={scene} camera={new CameraRequests()} job={job} />)
  expect(counts.rows.size).toBe(117)
  expect(counts.groups).toBeGreaterThan(0)
  counts.rows.clear()
  counts.groups = 0
})
afterEach(cleanup)

function change(what: (scene: ReturnType<SceneStore['getState']>) => void) {
  act(() => what(scene.getState()))
  return { rows: Object.fromEntries(counts.rows), roots: counts.groups }
}

test('hiding one renders its row alone', () => {
  expect(change((now) => now.setVisible(['liver'], false))).toEqual({
    rows: { liver: 1 },
    roots: 0,
  })
})

test('hiding a second one of its group renders that row alone', () => {
  change((now) => now.setVisible(['rib_left_1'], false))
  counts.rows.clear()
  expect(change((now) => now.setVisible(['rib_left_2'], false))).toEqual({
    rows: { rib_left_2: 1 },
    roots: 0,
  })
})

test('changing the opacity of one that is not selected renders nothing', () => {
  expect(change((now) => now.setOpacity(['liver'], 0.5))).toEqual({ rows: {}, roots: 0 })
})

test('changing the opacity of the selected one renders its row alone', () => {
  change((now) => now.select('liver'))
  counts.rows.clear()
  expect(change((now) => now.setOpacity(['liver'], 0.5))).toEqual({ rows: { liver: 1 }, roots: 0 })
})

test('hovering renders the row that is left and the one that is entered', () => {
  change((now) => now.hover('liver'))
  counts.rows.clear()
  expect(change((now) => now.hover('aorta'))).toEqual({ rows: { liver: 1, aorta: 1 }, roots: 0 })
})

test('what has nothing to do with structures renders nothing', () => {
  expect(change((now) => now.moveCrosshair([1, 2, 3]))).toEqual({ rows: {}, roots: 0 })
  expect(change((now) => now.set({ overlayOpacity: 0.2 }))).toEqual({ rows: {}, roots: 0 })
})
