import { FileQuestion, Layers } from 'lucide-react'
import { useEffect, useState } from 'react'

import type { Candidate } from '../../scan/candidate'

/** A picture takes reading half a file: it is made once, however often it is shown. */
const made = new WeakMap<Candidate['thumbnail'], Promise<Blob | null>>()

function thumbnailOf({ thumbnail }: Candidate): Promise<Blob | null> {
  let picture = made.get(thumbnail)
  if (picture === undefined) {
    picture = thumbnail().catch(() => null) // a scan can be sent without its picture
    made.set(thumbnail, picture)
  }
  return picture
}

/** The middle slice; a symbol until it is there, and where it cannot be decoded. */
export function Thumbnail({ candidate }: { candidate: Candidate }) {
  const url = useObjectUrl(candidate)
  const Symbol = candidate.refusal === null ? Layers : FileQuestion
  return (
    <span className="flex size-20 shrink-0 items-center justify-center overflow-hidden rounded-md bg-black text-white/60">
      {url === null ? (
        <Symbol aria-hidden className="size-7" />
      ) : (
        <img src={url} alt="" data-thumbnail className="size-full object-contain" />
      )}
    </span>
  )
}

function useObjectUrl(candidate: Candidate): string | null {
  const [shown, setShown] = useState<{ of: Candidate; url: string } | null>(null)
  useEffect(() => {
    let wanted = true
    let url: string | null = null
    void thumbnailOf(candidate).then((picture) => {
      if (!wanted || picture === null) return
      url = URL.createObjectURL(picture)
      setShown({ of: candidate, url })
    })
    return () => {
      wanted = false
      if (url !== null) URL.revokeObjectURL(url)
    }
  }, [candidate])
  return shown?.of === candidate ? shown.url : null
}
