/** The API's types under short names; all of them come from docs/openapi.json. */

import type { components } from './schema'

type Schemas = components['schemas']

export type Job = Schemas['JobView']
export type JobSummary = Schemas['JobSummary']
export type JobStatus = Schemas['JobStatus']
export type Stage = Schemas['Stage']
export type Structure = Schemas['StructureEntry']
export type Artifact = Schemas['ArtifactView']
export type Engine = Schemas['EngineEntry']
export type Task = Schemas['TaskView']
export type TaskStructure = Schemas['StructureView']
export type Tasks = Schemas['TasksAnswer']
export type ProcessRequest = Schemas['ProcessRequest']
export type ApiErrorBody = Schemas['Error']
export type UploadTicket = Schemas['PresignedUploadAnswer']
export type UploadState = Schemas['UploadStateAnswer']
export type SignedPart = Schemas['SignedPart']
export type JobsPage = Schemas['JobsAnswer']
export type ScanOptions = Schemas['OptionsEntry']
export type Waiting = Schemas['WaitingView']
export type JobWarning = Schemas['WarningEntry']
export type Deletion = Schemas['DeleteAnswer']
