"""All use cases over fakes, and ways into the states that tests start from."""

import base64
import struct
from dataclasses import dataclass, field

from iris_oculus.contracts import ProcessRequest, UploadRequest
from iris_oculus.documents import ArtifactEntry, EngineEntry, InstanceEntry, Result
from iris_oculus.job import Job, JobStatus
from iris_oculus.layout import artifact_key, result_key
from iris_oculus.principal import Principal
from iris_oculus.use_cases.completion import Completion, InferenceOutcome
from iris_oculus.use_cases.processing import Deployment, Processing
from iris_oculus.use_cases.results import Results
from iris_oculus.use_cases.uploads import Uploads
from iris_oculus.use_cases.waiting import Waiting

from tests.fakes import (
    FakeCapacity,
    FakeClock,
    FakeEndpoint,
    FakeInspector,
    FakeJobStore,
    FakeObjectStore,
)

# A NIfTI-1 header and some zeros: enough for what the API looks at.
NIFTI = struct.pack("<i", 348) + bytes(340) + b"n+1\0" + bytes(52)
ENGINE = EngineEntry(name="totalsegmentator", version="2", device="cpu", limits="none")


@dataclass
class System:
    """Everything behind the API, in memory."""

    clock: FakeClock = field(default_factory=FakeClock)
    jobs: FakeJobStore = field(default_factory=FakeJobStore)
    objects: FakeObjectStore = field(default_factory=FakeObjectStore)
    endpoint: FakeEndpoint = field(default_factory=FakeEndpoint)
    inspector: FakeInspector = field(default_factory=FakeInspector)
    capacity: FakeCapacity = field(default_factory=lambda: FakeCapacity(None))

    def __post_init__(self) -> None:
        self.ada = Principal(user_id="ada")
        deployment = Deployment("totalsegmentator", frozenset({"open"}))
        ids = iter(f"{number:012x}" for number in range(1, 1000))
        self.uploads = Uploads(
            self.jobs, self.objects, self.inspector, self.clock, new_id=lambda: next(ids)
        )
        self.processing = Processing(self.jobs, self.objects, self.endpoint, self.clock, deployment)
        self.completion = Completion(
            self.jobs, self.objects, self.endpoint, self.clock, silence_limit_s=60
        )
        self.waiting = Waiting(
            self.jobs, lambda: self.capacity, self.clock, default_cold_start_s=360
        )
        self.results = Results(self.jobs, self.objects, self.clock, self.waiting)

    def job(self, job_id: str) -> Job:
        job = self.jobs.get(job_id)
        assert job is not None
        return job

    def uploaded(self) -> str:
        """Id of a job whose scan has arrived."""
        request = UploadRequest(
            filename="scan.nii", userId="ada", file=base64.b64encode(NIFTI).decode()
        )
        return self.uploads.start(self.ada, request).jobId

    def processing_job(self) -> str:
        """Id of a job that is processing its first attempt."""
        job_id = self.uploaded()
        self.clock.advance(1)
        self.processing.process(self.ada, ProcessRequest(jobId=job_id))
        return job_id

    def write_result(
        self,
        job_id: str,
        *,
        attempt: int = 1,
        status: str = "completed",
        instance: InstanceEntry | None = None,
    ) -> None:
        """What the container leaves behind."""
        self.objects.write(artifact_key(job_id, "liver.stl"), b"solid", content_type="model/stl")
        entry = ArtifactEntry(
            name="liver.stl", content_type="model/stl", size_bytes=5, sha256="0" * 64
        )
        result = Result(
            job_id=job_id,
            attempt=attempt,
            status=JobStatus(status),
            engine=ENGINE,
            artifacts=[entry],
            timings_s={"segmenting": 2.5},
            instance=instance,
        )
        self.objects.write(
            result_key(job_id, attempt),
            result.model_dump_json().encode(),
            content_type="application/json",
        )

    def completed(self) -> str:
        """Id of a job that is completed."""
        job_id = self.processing_job()
        self.write_result(job_id)
        assert self.completion.finish(InferenceOutcome(job_id, 1, None)) is JobStatus.COMPLETED
        return job_id
