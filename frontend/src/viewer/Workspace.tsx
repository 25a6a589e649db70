/** The 3D view and the slices of a finished job, with their tools. Loaded when it is needed. */

import { useCallback, useEffect, useRef, useState, type KeyboardEvent, type RefObject } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'

import type { Job } from '../api/types'
import type { CameraRequests } from '../session/camera'
import type { Plane, SceneStore } from '../session/scene'
import { shortcutOf } from '../session/shortcuts'
import { Button } from '../ui/button'
import { runShortcut } from './commands'
import { CrosshairReading } from './crosshair_reading'
import { LoadingNote } from './loading_note'
import { Panes } from './panes'
import { PLANES } from './slices/planes'
import { loadModel, modelFile } from './space/load_model'
import { Toolbar } from './toolbar'
import { useLoading } from './use_loading'
import { useNarrow } from './use_narrow'
import { Viewer } from './viewer'
import { loadVolume, volumeFiles } from './volume/load_volume'
import type { Volume } from './volume/volume'

interface WorkspaceProps {
  scene: SceneStore
  camera: CameraRequests
  job: Job
}

export default function Workspace(props: WorkspaceProps) {
  const [start, setStart] = useState(0)
  return (
    <Viewing
      key={`${props.job.jobId} ${start}`}
      {...props}
      onRestart={() => setStart((number) => number + 1)}
    />
  )
}

type Problem = 'noWebgl' | 'contextLost'

function Viewing({ scene, camera, job, onRestart }: WorkspaceProps & { onRestart: () => void }) {
  const { t } = useTranslation('viewer')
  const root = useRef<HTMLDivElement>(null)
  const host = useRef<HTMLDivElement>(null)
  const [started, setStarted] = useState<Viewer | Problem | null>(null)
  const viewer = started instanceof Viewer ? started : null
  const problem = started instanceof Viewer ? null : started
  const [volume, setVolume] = useState<Volume | null>(null)
  const narrow = useNarrow(root)
  const { jobId } = job

  useEffect(() => {
    const container = host.current
    if (container === null) return undefined
    const made = viewerIn(container, scene, camera, `iris-oculus-${jobId}.png`)
    setStarted(made ?? 'noWebgl')
    if (made === null) return undefined
    const { canvas } = made
    const lost = (event: Event) => {
      event.preventDefault()
      setStarted('contextLost')
    }
    canvas.addEventListener('webglcontextlost', lost)
    return () => {
      canvas.removeEventListener('webglcontextlost', lost)
      setStarted(null)
      made.dispose()
    }
  }, [scene, camera, jobId])

  const model = modelFile(job.artifacts)
  const loadingModel = useLoading(
    viewer,
    model === null
      ? null
      : async (signal, onProgress) => {
          const surfaces = await loadModel(model, signal, onProgress)
          viewer?.showModel(surfaces, job.structures)
        },
  )
  const files = volumeFiles(job.artifacts)
  const loadingVolume = useLoading(
    viewer,
    files === null
      ? null
      : async (signal, onProgress) => {
          const loaded = await loadVolume(files, signal, onProgress)
          signal.throwIfAborted()
          viewer?.showVolume(loaded)
          setVolume(loaded)
        },
  )

  const press = useCallback(
    (event: KeyboardEvent) => {
      if (viewer === null || !(event.target instanceof HTMLElement)) return
      if (!event.currentTarget.contains(event.target)) return // a menu of the toolbar
      if (['INPUT', 'SELECT', 'TEXTAREA'].includes(event.target.tagName)) return
      const scope = event.target.dataset['scope']
      const id = shortcutOf(event, [
        ...(scope === 'view3d' || scope === 'slice' ? ([scope] as const) : []),
        'viewer',
      ])
      if (id === null) return
      event.preventDefault()
      const plane = PLANES.find((each) => each === planeOf(event)) ?? null
      runShortcut(id, { key: event.key, plane }, { viewer, scene, camera })
    },
    [viewer, scene, camera],
  )

  return (
    <div
      ref={root}
      role="region"
      aria-label={t('viewer')}
      onKeyDown={press}
      data-workspace
      data-model={loadingModel.loading.state}
      data-slices={loadingVolume.loading.state}
      className="flex h-full min-h-0 min-w-0 flex-col bg-page"
    >
      <Toolbar
        scene={scene}
        camera={camera}
        volume={volume}
        viewer={viewer}
        narrow={narrow}
        hasSlices={files !== null}
      />
      <div className="relative min-h-0 grow overflow-hidden">
        <div ref={host} className="absolute inset-0" />
        {problem !== null && <ProblemNote problem={problem} onRestart={onRestart} />}
        {viewer !== null && (
          <Panes
            viewer={viewer}
            scene={scene}
            camera={camera}
            volume={volume}
            narrow={narrow}
            hasSlices={files !== null}
            notes={{
              space: (
                <LoadingNote
                  loading={loadingModel.loading}
                  onAgain={loadingModel.again}
                  texts={{
                    loading: t('loadingModel'),
                    failed: t('modelFailed'),
                    absent: t('noModel'),
                  }}
                />
              ),
              slice: (
                <LoadingNote
                  loading={loadingVolume.loading}
                  onAgain={loadingVolume.again}
                  texts={{
                    loading: t('loadingSlices'),
                    failed: t('slicesFailed'),
                    absent: t('noSlices'),
                  }}
                />
              ),
            }}
          />
        )}
      </div>
      {files === null && (
        <p role="note" className="border-t border-line bg-surface px-3 py-1.5 text-xs text-muted">
          {t('noSlices')}
        </p>
      )}
      {viewer !== null && volume !== null && (
        <CrosshairReading viewer={viewer} scene={scene} volume={volume} />
      )}
      <CrosshairData root={root} scene={scene} />
    </div>
  )
}

/** Null where the browser has no WebGL 2. */
function viewerIn(...parameters: ConstructorParameters<typeof Viewer>): Viewer | null {
  try {
    return new Viewer(...parameters)
  } catch {
    return null
  }
}

/** Says to scripts where the crosshair is, without a rendering of the workspace. */
function CrosshairData({
  root,
  scene,
}: {
  root: RefObject<HTMLDivElement | null>
  scene: SceneStore
}) {
  const crosshair = useStore(scene, (state) => state.crosshairRasMm)
  useEffect(() => {
    const mm = crosshair?.map((value) => value.toFixed(2)).join(' ') ?? ''
    root.current?.setAttribute('data-crosshair-ras-mm', mm)
  }, [root, crosshair])
  return null
}

function planeOf(event: KeyboardEvent): Plane | undefined {
  const { target } = event
  return target instanceof HTMLElement ? (target.dataset['plane'] as Plane | undefined) : undefined
}

function ProblemNote({ problem, onRestart }: { problem: Problem; onRestart: () => void }) {
  const { t } = useTranslation('viewer')
  return (
    <div className="absolute inset-0 grid place-items-center bg-page p-6" data-problem={problem}>
      <div role="alert" className="max-w-md space-y-3 text-sm">
        <h2 className="text-base font-semibold text-ink">{t(`${problem}.title`)}</h2>
        <p className="text-muted">{t(`${problem}.hint`)}</p>
        {problem === 'contextLost' && (
          <Button variant="primary" onClick={onRestart}>
            {t('contextLost.restart')}
          </Button>
        )}
      </div>
    </div>
  )
}
