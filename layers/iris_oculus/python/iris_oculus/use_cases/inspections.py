"""Writing down what the inspection of an upload found."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from iris_oculus.documents import Inspection
from iris_oculus.job import Job, JobStatus
from iris_oculus.layout import scan_key
from iris_oculus.ports import Clock, ConditionFailed, JobStore, ObjectStore

Inspect = Callable[[Path], Inspection]


@dataclass(frozen=True)
class Inspections:
    """The use case of the ``inspect`` function."""

    jobs: JobStore
    objects: ObjectStore
    clock: Clock

    def inspect(self, job_id: str, folder: Path, inspect: Inspect) -> Inspection | None:
        """Read a job's scan and record the finding on the job.

        Parameters
        ----------
        job_id : str
        folder : Path
            Scratch space for the scan.
        inspect : callable
            Reads the scan in a file; raises nothing for a bad one, but says so in its finding.

        Returns
        -------
        Inspection or None
            None where the job or its scan is gone.
        """
        path = folder / "scan"
        try:
            self.objects.download(scan_key(job_id), path)
        except KeyError:
            return None
        finding = inspect(path)
        return finding if self._record(job_id, finding) else None

    def _record(self, job_id: str, finding: Inspection) -> bool:
        while (job := self._inspectable(job_id)) is not None:
            inspected = replace(
                job,
                inspection=finding.model_dump(mode="json"),
                updated_at=self.clock.now(),  # so that no writer who read before this one wins
            )
            try:
                self.jobs.replace(inspected, expected=job)
            except ConditionFailed:
                continue  # the job moved on meanwhile; look again
            return True
        return False

    def _inspectable(self, job_id: str) -> Job | None:
        job = self.jobs.get(job_id)
        return None if job is None or job.status is JobStatus.DELETED else job
