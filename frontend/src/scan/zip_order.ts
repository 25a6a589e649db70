/** What the page and its zipping worker say to each other. */

import type { ScanFile } from './candidate'
import { ZipMember, type MemberParts } from './zip_directory'

/** A member of an archive loses its methods on the way to a worker. */
type SentFile = { is: 'file'; file: File } | { is: 'member'; parts: MemberParts }

export interface ZipOrder {
  files: SentFile[]
  totalBytes: number
}

export type ZipAnswer =
  | { is: 'read'; readBytes: number }
  | { is: 'zip'; blob: Blob }
  | { is: 'too_large' }
  | { is: 'unreadable' }

export function sentFiles(files: readonly ScanFile[]): SentFile[] {
  return files.map((file) => {
    if (file instanceof ZipMember) return { is: 'member', parts: file.parts }
    if (file instanceof File) return { is: 'file', file }
    throw new TypeError('Only files and members of archives can be sent to a worker.')
  })
}

export function receivedFiles(files: readonly SentFile[]): ScanFile[] {
  return files.map((sent) => (sent.is === 'file' ? sent.file : new ZipMember(sent.parts)))
}
