"""Scans coming in: inline, by presigned URL, in parts, or from another job."""

import base64
import math
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from iris_oculus.contracts import (
    MAX_SCAN_BYTES,
    CompleteRequest,
    MultipartUpload,
    PartsAnswer,
    PresignedUploadAnswer,
    SignedPart,
    SingleUpload,
    StatusAnswer,
    UploadAnswer,
    UploadedPartView,
    UploadRequest,
    UploadStateAnswer,
)
from iris_oculus.errors import (
    EmptyFile,
    FileTooLarge,
    InvalidBase64,
    InvalidField,
    JobConflict,
    NotAnImage,
    NotUploaded,
    PartsMissing,
    ScanNotFound,
)
from iris_oculus.job import Failure, Job, JobStatus, Multipart
from iris_oculus.layout import scan_key
from iris_oculus.ports import Clock, ConditionFailed, Inspector, JobStore, ObjectStore, UploadedPart
from iris_oculus.principal import Principal
from iris_oculus.scan_format import SNIFF_BYTES
from iris_oculus.use_cases.job_access import accessible_job
from iris_oculus.use_cases.upload_checks import check_content, check_filename
from iris_oculus.use_cases.upload_parts import part_size_bytes, part_sizes_bytes

INLINE_LIMIT_BYTES = 3_460_300
"""A Lambda event holds 6,291,456 bytes; the scan is base64 in JSON, and the gateway encodes the
whole body once more: (4/3)² leaves 3.3 MiB beside headers and context."""

SINGLE_PUT_LIMIT_BYTES = 100 * 2**20
"""AWS advises multipart from here on (S3 user guide, "Uploading and copying objects using multipart
upload")."""

FIRST_PARTS = 100
URL_LIFETIME_S = 3600
JOB_LIFETIME_S = 90 * 24 * 3600
SCAN_CONTENT_TYPE = "application/octet-stream"


def new_job_id() -> str:
    """Twelve unguessable hexadecimal digits (48 bits)."""
    return secrets.token_hex(6)


@dataclass(frozen=True)
class Uploads:
    """The use cases of ``/upload``."""

    jobs: JobStore
    objects: ObjectStore
    inspector: Inspector
    clock: Clock
    new_id: Callable[[], str] = new_job_id

    def start(self, principal: Principal, request: UploadRequest) -> UploadAnswer:
        """Make a job, and take its scan or say where to send it.

        Raises
        ------
        InvalidField
            If it is not clear which of the three ways is meant.
        InvalidFilename, UnsupportedFormat, InvalidBase64, EmptyFile, FileTooLarge, NotAnImage
            If the file cannot be a scan.
        JobNotFound, JobNotYours, JobDeleted, NotUploaded, ScanNotFound
            If the job to take the scan from cannot be used.
        """
        ways = [request.fromJobId is not None, request.file is not None, request.size is not None]
        if sum(ways) != 1:
            raise InvalidField(
                "Give exactly one of file, size and fromJobId.",
                hint="file: the scan in base64. size: its bytes, to get a presigned URL. "
                "fromJobId: another job, to use its scan again.",
            )
        if request.fromJobId is not None:
            return self._start_from_job(principal, request.fromJobId)
        if request.filename is None:
            raise InvalidField("filename is missing.")
        check_filename(request.filename)
        if request.file is not None:
            return self._start_inline(principal, request.filename, request.file)
        return self._start_presigned(principal, request.filename, request.size or 0)

    def sign_parts(self, principal: Principal, job_id: str, numbers: Sequence[int]) -> PartsAnswer:
        """Sign URLs for parts of an open multipart upload.

        Raises
        ------
        JobConflict
            If the job is not waiting for parts.
        InvalidField
            If a number is none of this upload's.
        """
        job = accessible_job(self.jobs, principal, job_id)
        multipart = _open_multipart(job)
        beyond = [number for number in numbers if number > multipart.part_count]
        if beyond:
            raise InvalidField(
                f"Part {beyond[0]} does not exist: the upload has {multipart.part_count} parts."
            )
        return PartsAnswer(
            parts=self._signed(job.job_id, multipart, numbers), expires_s=URL_LIFETIME_S
        )

    def state(self, principal: Principal, job_id: str) -> UploadStateAnswer:
        """What has arrived so far."""
        job = accessible_job(self.jobs, principal, job_id)
        if job.multipart is None:
            return UploadStateAnswer(jobId=job_id, status=job.status, kind="single")
        waiting = job.status is JobStatus.AWAITING_UPLOAD
        arrived = self._arrived(job, job.multipart) if waiting else []
        return UploadStateAnswer(
            jobId=job_id,
            status=job.status,
            kind="multipart",
            part_size_bytes=job.multipart.part_size_bytes,
            part_count=job.multipart.part_count,
            parts=[
                UploadedPartView(partNumber=part.number, size_bytes=part.size_bytes, etag=part.etag)
                for part in arrived
            ],
        )

    def complete(
        self, principal: Principal, job_id: str, _request: CompleteRequest
    ) -> StatusAnswer:
        """Check that the scan has arrived, and start its inspection. Repeating it is harmless.

        Raises
        ------
        PartsMissing, ScanNotFound
            If not all of it has arrived; the upload stays open.
        NotAnImage
            If the bytes are no scan; the job has failed then.
        """
        job = accessible_job(self.jobs, principal, job_id)
        if job.status is not JobStatus.AWAITING_UPLOAD:
            return StatusAnswer(jobId=job_id, status=job.status)
        if job.multipart is not None:
            self._join(job, job.multipart)
        stored = self.objects.head(scan_key(job_id))
        if stored is None:
            raise ScanNotFound(
                "The scan has not arrived.", hint="PUT it to its presigned URL first."
            )
        if stored.size_bytes != job.size_bytes:
            raise ScanNotFound(
                f"{stored.size_bytes} bytes arrived instead of {job.size_bytes}.",
                hint="PUT the whole file to its presigned URL again.",
            )
        try:
            check_content(self.objects.read(scan_key(job_id), first_bytes=SNIFF_BYTES))
        except NotAnImage as error:
            failure = Failure(error.code, error.message, error.hint)
            self._move(job, status=JobStatus.FAILED, failure=failure)
            raise
        moved = self._move(job, status=JobStatus.UPLOADED)
        self.inspector.inspect(job_id)
        return StatusAnswer(jobId=job_id, status=moved.status)

    def _start_inline(self, principal: Principal, filename: str, encoded: str) -> UploadAnswer:
        try:
            scan = base64.b64decode(encoded, validate=True)
        except ValueError as error:  # binascii.Error is one; characters beyond ASCII are another
            raise InvalidBase64("file is not base64.") from error
        if not scan:
            raise EmptyFile("The file is empty.")
        if len(scan) > INLINE_LIMIT_BYTES:
            raise FileTooLarge(
                f"An inline file holds at most {INLINE_LIMIT_BYTES} bytes, not {len(scan)}."
            )
        check_content(scan[:SNIFF_BYTES])
        job = self._new_job(principal.owner, filename, len(scan), JobStatus.UPLOADED)
        self.objects.write(scan_key(job.job_id), scan, content_type=SCAN_CONTENT_TYPE)
        self.jobs.create(job)
        self.inspector.inspect(job.job_id)
        return UploadAnswer(jobId=job.job_id)

    def _start_presigned(
        self, principal: Principal, filename: str, size: int
    ) -> PresignedUploadAnswer:
        if size == 0:
            raise EmptyFile("The file is empty.")
        if size > MAX_SCAN_BYTES:
            raise FileTooLarge(
                f"A scan has at most {MAX_SCAN_BYTES} bytes, not {size}.",
                hint="Send one series only, or compress it (.nii.gz).",
            )
        job = self._new_job(principal.owner, filename, size, JobStatus.AWAITING_UPLOAD)
        key = scan_key(job.job_id)
        if size <= SINGLE_PUT_LIMIT_BYTES:
            self.jobs.create(job)
            url = self.objects.presign_put(
                key, expires_s=URL_LIFETIME_S, content_type=SCAN_CONTENT_TYPE
            )
            headers = {"Content-Type": SCAN_CONTENT_TYPE}
            single = SingleUpload(url=url, headers=headers, expires_s=URL_LIFETIME_S)
            return PresignedUploadAnswer(jobId=job.job_id, upload=single)
        part_size = part_size_bytes(size)
        multipart = Multipart(
            upload_id=self.objects.start_multipart(key, content_type=SCAN_CONTENT_TYPE),
            part_size_bytes=part_size,
            part_count=math.ceil(size / part_size),
        )
        self.jobs.create(replace(job, multipart=multipart))
        first = range(1, min(multipart.part_count, FIRST_PARTS) + 1)
        return PresignedUploadAnswer(
            jobId=job.job_id,
            upload=MultipartUpload(
                part_size_bytes=part_size,
                part_count=multipart.part_count,
                parts=self._signed(job.job_id, multipart, first),
                expires_s=URL_LIFETIME_S,
            ),
        )

    def _start_from_job(self, principal: Principal, source_id: str) -> UploadAnswer:
        source = accessible_job(self.jobs, principal, source_id)
        if source.status is JobStatus.AWAITING_UPLOAD:
            raise NotUploaded("The scan of that job has not arrived.")
        job = self._new_job(source.owner, source.filename, source.size_bytes, JobStatus.UPLOADED)
        job = replace(job, inspection=source.inspection)
        try:
            self.objects.copy(source_key=scan_key(source_id), target_key=scan_key(job.job_id))
        except KeyError as error:
            raise ScanNotFound(
                "The scan of that job is gone.", hint="Upload the scan again."
            ) from error
        self.jobs.create(job)
        if source.inspection is None:
            self.inspector.inspect(job.job_id)
        return UploadAnswer(jobId=job.job_id)

    def _new_job(self, owner: str, filename: str, size: int | None, status: JobStatus) -> Job:
        now = self.clock.now()
        return Job(
            job_id=self.new_id(),
            owner=owner,
            filename=filename,
            size_bytes=size,
            status=status,
            created_at=now,
            updated_at=now,
            expires_at=int(now) + JOB_LIFETIME_S,
        )

    def _signed(
        self, job_id: str, multipart: Multipart, numbers: Sequence[int]
    ) -> list[SignedPart]:
        return [
            SignedPart(
                partNumber=number,
                url=self.objects.presign_part(
                    scan_key(job_id),
                    upload_id=multipart.upload_id,
                    number=number,
                    expires_s=URL_LIFETIME_S,
                ),
            )
            for number in numbers
        ]

    def _arrived(self, job: Job, multipart: Multipart) -> Sequence[UploadedPart]:
        try:
            return self.objects.parts(scan_key(job.job_id), upload_id=multipart.upload_id)
        except KeyError as error:
            raise JobConflict(
                "The upload was open for too long and has been closed.",
                hint="Start a new upload: POST /upload.",
            ) from error

    def _join(self, job: Job, multipart: Multipart) -> None:
        if self.objects.head(scan_key(job.job_id)) is not None:
            return  # an earlier completion joined the parts and was cut off before it wrote the job
        arrived = {part.number: part for part in self._arrived(job, multipart)}
        wanted = part_sizes_bytes(job.size_bytes or 0, multipart)
        missing = [
            number
            for number, size in wanted.items()
            if number not in arrived or arrived[number].size_bytes != size
        ]
        if missing:
            shown = ", ".join(map(str, missing[:10])) + (", …" if len(missing) > 10 else "")
            raise PartsMissing(
                f"{len(missing)} of {multipart.part_count} parts are missing or have the wrong "
                f"size: {shown}."
            )
        self.objects.complete_multipart(
            scan_key(job.job_id),
            upload_id=multipart.upload_id,
            parts=[arrived[number] for number in wanted],
        )

    def _move(self, job: Job, *, status: JobStatus, failure: Failure | None = None) -> Job:
        moved = replace(job, status=status, failure=failure, updated_at=self.clock.now())
        try:
            self.jobs.replace(moved, expected=job)
        except ConditionFailed:
            # Somebody completed it at the same time; theirs is as good.
            return self.jobs.get(job.job_id) or job
        return moved


def _open_multipart(job: Job) -> Multipart:
    if job.multipart is None or job.status is not JobStatus.AWAITING_UPLOAD:
        raise JobConflict("This job is not waiting for parts.")
    return job.multipart
