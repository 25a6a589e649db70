import { useCallback, useEffect, useRef, useState } from 'react'

import type { Api } from '../../api/client'
import { isExpired } from '../../api/presigned_url'
import type { Artifact, Job } from '../../api/types'
import { problemOf, type Problem } from '../../session/problem'

export type Renewal =
  | { name: 'idle' }
  | { name: 'renewing' }
  | { name: 'renewed' }
  | { name: 'gone' }
  | { name: 'failed'; problem: Problem }

export interface Links {
  renewal: Renewal
  urlOf: (artifact: Artifact) => string
  /** True where the URL still holds; else a new one is fetched, and its download begun. */
  follow: (artifact: Artifact) => boolean
}

/** Presigned URLs end after a while: those of a page that stayed open are asked for anew. */
export function useLinks(job: Job, api: Pick<Api, 'job'>): Links {
  const [renewal, setRenewal] = useState<Renewal>({ name: 'idle' })
  const [artifacts, setArtifacts] = useState(job.artifacts)
  const [from, setFrom] = useState(job.artifacts)
  if (from !== job.artifacts) {
    // The job was read anew elsewhere: its URLs are the younger ones.
    setFrom(job.artifacts)
    setArtifacts(job.artifacts)
  }
  const ending = useRef(new AbortController())
  useEffect(() => {
    const controller = new AbortController()
    ending.current = controller
    return () => controller.abort()
  }, [])

  const urlOf = useCallback(
    ({ name, url }: Artifact) => artifacts.find((one) => one.name === name)?.url ?? url,
    [artifacts],
  )
  const renew = async (name: string) => {
    const { signal } = ending.current
    setRenewal({ name: 'renewing' })
    try {
      const { artifacts: fresh } = await api.job(job.jobId, signal)
      const wanted = fresh.find((one) => one.name === name)
      setArtifacts(fresh)
      setRenewal(wanted === undefined ? { name: 'gone' } : { name: 'renewed' })
      if (wanted !== undefined) download(wanted)
    } catch (error) {
      if (!signal.aborted) setRenewal({ name: 'failed', problem: problemOf(error) })
    }
  }
  const follow = (artifact: Artifact) => {
    if (!isExpired(urlOf(artifact), Date.now())) {
      setRenewal({ name: 'idle' })
      return true
    }
    if (renewal.name !== 'renewing') void renew(artifact.name)
    return false
  }
  return { renewal, urlOf, follow }
}

/** The URL's own Content-Disposition makes it a download: the page stays where it is. */
function download({ name, url }: Artifact): void {
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
}
