"""Every error that a user may see, as a type.

The HTTP status of each lives in :mod:`iris_oculus.lambda_http`; a worker writes the same three
fields into its result. Code tells errors apart by class, never by text.
"""

from typing import ClassVar


class IrisOculusError(Exception):
    """An error with a stable code, a message for people and a hint that says what to do.

    Parameters
    ----------
    message : str
        What is wrong, in one sentence. Never holds patient data, file names or URLs.
    hint : str, optional
        What to do about it; the class's own hint when left out.
    """

    code: ClassVar[str] = "internal_error"
    default_hint: ClassVar[str] = "Try again; if it happens again, report the job id."

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint if hint is not None else self.default_hint


class BadRequest(IrisOculusError):
    """The request itself cannot be understood."""

    code = "bad_request"
    default_hint = "Compare the request with GET /openapi.json."


class NotJson(BadRequest):
    """The body is no JSON object."""

    code = "not_json"
    default_hint = "Send a JSON object with Content-Type: application/json."


class InvalidField(BadRequest):
    """A field is missing or holds a value that is not allowed."""

    code = "invalid_field"


class InvalidFilename(BadRequest):
    """A file name holds a path, control characters, or no usable extension."""

    code = "invalid_filename"
    default_hint = "Send a plain name that ends in .nii, .nii.gz or .zip (of DICOM files)."


class UnsupportedFormat(BadRequest):
    """The extension or the content is not one that can be read."""

    code = "unsupported_format"
    default_hint = "Send .nii, .nii.gz, or a .zip of one DICOM series."


class InvalidBase64(BadRequest):
    """The inline file is not base64."""

    code = "invalid_base64"
    default_hint = "Encode the file with `base64 -w0 scan.nii.gz`."


class EmptyFile(BadRequest):
    """The upload has no bytes."""

    code = "empty_file"
    default_hint = "Check that the file on your side is not empty, then upload it again."


class FileTooLarge(IrisOculusError):
    """The file is too large for the way it was sent."""

    code = "file_too_large"
    default_hint = (
        "POST /upload with filename, userId and size, and no file: "
        "the answer holds presigned URLs to send the bytes to."
    )


class UnknownTask(BadRequest):
    """No such segmentation task."""

    code = "unknown_task"
    default_hint = "GET /tasks lists the tasks."


class TaskUnavailable(BadRequest):
    """The task exists, but this deployment's engine or licence cannot run it."""

    code = "task_unavailable"
    default_hint = "GET /tasks says which tasks this deployment runs."


class UnknownStructure(BadRequest):
    """``roi_subset`` names a structure that the task does not have."""

    code = "unknown_structure"
    default_hint = "GET /tasks lists the structures of each task."


class UnknownFormat(BadRequest):
    """``formats`` names an export format that does not exist."""

    code = "unknown_format"


class Unauthorized(IrisOculusError):
    """Sign-in is required and the request carries no valid token."""

    code = "unauthorized"
    default_hint = "Sign in and send the token as `Authorization: Bearer …`."


class JobNotYours(IrisOculusError):
    """The job belongs to somebody else."""

    code = "job_not_yours"
    default_hint = "Use the account (or userId) that made the job."


class JobNotFound(IrisOculusError):
    """No such job."""

    code = "job_not_found"
    default_hint = "Check the job id; jobs are kept for 90 days."


class JobDeleted(IrisOculusError):
    """The job was deleted, with all of its files."""

    code = "job_deleted"
    default_hint = "Upload the scan again to make a new job."


class FileNotFound(IrisOculusError):
    """The job has no such artifact."""

    code = "file_not_found"
    default_hint = "GET /jobs/{jobId} lists the artifacts."


class ScanNotFound(IrisOculusError):
    """The job's scan is not in the bucket."""

    code = "scan_not_found"
    default_hint = "Upload the scan, then POST /upload/{jobId}/complete."


class RouteNotFound(IrisOculusError):
    """No such route."""

    code = "route_not_found"
    default_hint = "GET /openapi.json lists the routes."


class JobConflict(IrisOculusError):
    """The job is in a state that does not allow what was asked."""

    code = "job_conflict"
    default_hint = "GET /jobs/{jobId} shows the job's state."


class NotUploaded(JobConflict):
    """Processing was asked for before the scan arrived."""

    code = "not_uploaded"
    default_hint = "Send the scan to its presigned URL, then POST /upload/{jobId}/complete."


class AlreadyProcessed(JobConflict):
    """The job was processed with other options."""

    code = "already_processed"
    default_hint = 'POST /upload {"fromJobId": "…"} makes a new job on the same scan.'


class PartsMissing(JobConflict):
    """Completion was asked for before every part arrived."""

    code = "parts_missing"
    default_hint = "GET /upload/{jobId} lists the parts that arrived; send the others first."


class UploadExpired(JobConflict):
    """The scan did not arrive in time."""

    code = "upload_expired"
    default_hint = "Start a new upload: POST /upload."


class ScanRefused(JobConflict):
    """Inspection found that the scan cannot be processed."""

    code = "scan_refused"


class EndpointStopped(IrisOculusError):
    """The GPU endpoint is not running."""

    code = "endpoint_stopped"
    default_hint = "Start it with `scripts/manage-sagemaker.sh start`, then send the request again."


class UnreadableScan(IrisOculusError):
    """The scan cannot be read or has no trustworthy geometry."""

    code = "unreadable_scan"
    default_hint = "Send a .nii, .nii.gz, or a .zip of one DICOM series."


class NotAnImage(UnreadableScan):
    """The bytes are neither NIfTI nor DICOM."""

    code = "not_an_image"


class NotThreeDimensional(UnreadableScan):
    """The image is not one three-dimensional volume."""

    code = "not_3d"
    default_hint = "Send one volume: split a time series first."


class UntrustedGeometry(UnreadableScan):
    """Positions or spacing contradict each other: a mesh made from them would be wrong."""

    code = "untrusted_geometry"
    default_hint = "Export the complete series again, without missing or repeated slices."


class UnsupportedTransferSyntax(UnreadableScan):
    """A DICOM transfer syntax that no installed codec decodes."""

    code = "unsupported_transfer_syntax"
    default_hint = "Export the series uncompressed (Explicit VR Little Endian)."


class WrongModality(UnreadableScan):
    """The scan's modality does not suit the task."""

    code = "wrong_modality"
    default_hint = "Choose a task for this modality: GET /tasks."


class SegmentationFailed(IrisOculusError):
    """The engine could not segment the scan."""

    code = "segmentation_failed"


class NothingFound(SegmentationFailed):
    """The engine ran, and found none of the structures asked for."""

    code = "nothing_found"
    default_hint = "Check that the scan shows the body part, and that roi_subset fits it."


class EngineUnavailable(IrisOculusError):
    """The engine or its weights are not there."""

    code = "engine_unavailable"


class OutOfMemory(IrisOculusError):
    """The job needs more memory than the machine has."""

    code = "out_of_memory"
    default_hint = "Try again with fast=true or a roi_subset: they need less memory."


class WorkerDied(IrisOculusError):
    """The worker process ended in the middle of the job."""

    code = "worker_died"
    default_hint = "Try again with fast=true or a roi_subset: they need less memory."


class WorkerLost(IrisOculusError):
    """The worker fell silent: the container or the machine went away."""

    code = "worker_lost"
    default_hint = 'POST /upload {"fromJobId": "…"} makes a new job on the same scan.'
