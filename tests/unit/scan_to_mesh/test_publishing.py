import hashlib
from pathlib import Path

import pytest
from iris_oculus.documents import ArtifactEntry, FailureEntry, Result
from iris_oculus.errors import NothingFound
from iris_oculus.job import JobStatus
from iris_oculus.layout import artifact_key, result_key
from iris_oculus.ports import ConditionFailed
from scan_to_mesh.publishing import (
    find_result,
    publish_artifacts,
    withdraw,
    write_result,
)

from tests.fakes import FakeJobStore, FakeObjectStore
from tests.unit.scan_to_mesh.jobs_and_scans import (
    JOB_ID,
    add_job,
    invocation,
    processing_job,
    set_status,
)

COMPLETED = Result(job_id=JOB_ID, attempt=1, status=JobStatus.COMPLETED)


def artifacts(folder: Path, count: int) -> list[tuple[Path, ArtifactEntry]]:
    found = []
    for number in range(count):
        path = folder / f"structure_{number}.stl"
        path.write_bytes(number.to_bytes(4, "big"))
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        found.append(
            (
                path,
                ArtifactEntry(
                    name=path.name, content_type="model/stl", size_bytes=4, sha256=digest
                ),
            )
        )
    return found


def test_every_artifact_lies_under_its_name_as_described(tmp_path: Path) -> None:
    objects = FakeObjectStore()
    steps: list[tuple[int, int]] = []
    files = artifacts(tmp_path, 20)
    publish_artifacts(objects, JOB_ID, files, lambda done, total: steps.append((done, total)))
    assert steps == [(done, 20) for done in range(1, 21)]
    for _, entry in files:
        body, content_type = objects.objects[artifact_key(JOB_ID, entry.name)]
        assert hashlib.sha256(body).hexdigest() == entry.sha256
        assert content_type == entry.content_type
    assert len(objects.objects) == 20


def test_a_report_that_raises_ends_the_uploads(tmp_path: Path) -> None:
    objects = FakeObjectStore()

    def stop(done: int, total: int) -> None:
        raise ConditionFailed

    with pytest.raises(ConditionFailed):
        publish_artifacts(objects, JOB_ID, artifacts(tmp_path, 200), stop)
    assert len(objects.objects) < 200


def test_an_upload_that_fails_is_raised(tmp_path: Path) -> None:
    class FullStore(FakeObjectStore):
        def upload(
            self, path: Path, key: str, *, content_type: str, content_encoding: str | None = None
        ) -> None:
            raise OSError

    with pytest.raises(OSError):  # noqa: PT011 - it has no text
        publish_artifacts(FullStore(), JOB_ID, artifacts(tmp_path, 3), lambda _done, _total: None)


def test_a_result_comes_back_as_it_was_written() -> None:
    objects = FakeObjectStore()
    assert find_result(objects, invocation()) is None
    result = Result(
        job_id=JOB_ID,
        attempt=1,
        status=JobStatus.FAILED,
        timings_s={"loading": 0.5},
        failure=FailureEntry.of(NothingFound("nothing")),
    )
    write_result(objects, result)
    assert find_result(objects, invocation()) == result
    assert list(objects.objects) == [result_key(JOB_ID, 1)]


def test_a_failure_has_the_code_message_and_hint_of_its_error() -> None:
    assert FailureEntry.of(NothingFound("nothing", hint="look again")) == FailureEntry(
        code="nothing_found", message="nothing", hint="look again"
    )


def test_of_a_cancelled_job_the_artifacts_go_and_a_result_stays() -> None:
    jobs, objects = FakeJobStore(), FakeObjectStore()
    add_job(jobs, objects)
    objects.put(artifact_key(JOB_ID, "liver.stl"), b"half of it")
    set_status(jobs, JobStatus.CANCELLED)
    result = withdraw(jobs, objects, invocation())
    assert result.status is JobStatus.CANCELLED
    assert find_result(objects, invocation()) == result
    assert set(objects.objects) == {f"jobs/{JOB_ID}/scan", result_key(JOB_ID, 1)}


@pytest.mark.parametrize("status", [JobStatus.COMPLETED, JobStatus.FAILED, JobStatus.DELETED])
def test_a_job_that_ended_otherwise_is_left_as_it_is(status: JobStatus) -> None:
    jobs, objects = FakeJobStore(), FakeObjectStore()
    add_job(jobs, objects)
    write_result(objects, COMPLETED)
    objects.put(artifact_key(JOB_ID, "liver.stl"), b"all of it")
    set_status(jobs, status)
    before = dict(objects.objects)
    assert withdraw(jobs, objects, invocation()).status is JobStatus.CANCELLED
    assert objects.objects == before


def test_another_attempts_artifacts_are_not_touched() -> None:
    jobs, objects = FakeJobStore({JOB_ID: processing_job(attempt=2)}), FakeObjectStore()
    objects.put(artifact_key(JOB_ID, "liver.stl"), b"of attempt 2")
    before = dict(objects.objects)
    withdraw(jobs, objects, invocation())
    assert objects.objects == before


def test_a_job_that_is_not_in_the_table_is_left_alone() -> None:
    objects = FakeObjectStore()
    objects.put(f"jobs/{JOB_ID}/scan", b"the user's")
    withdraw(FakeJobStore(), objects, invocation())
    assert set(objects.objects) == {f"jobs/{JOB_ID}/scan"}
