import datetime as dt
import json

import pytest
from iris_oculus.job import Job, JobStatus
from iris_oculus.pricing import job_cost_usd

from scripts.operations.costs import document, lines, report
from tests.fakes import FakeJobStore

NOW = 1_760_000_000.0
TIMINGS_S = {"segmenting": 50.0, "meshing": 10.0}


def job(number: int, *, status: JobStatus, age_s: float, instance_type: str | None) -> Job:
    return Job(
        job_id=f"{number:012x}",
        owner="ada",
        filename="scan.nii",
        size_bytes=1,
        status=status,
        created_at=NOW - age_s - 100,
        updated_at=NOW - age_s,
        expires_at=int(NOW) + 86400,
        finished_at=NOW - age_s if status is not JobStatus.PROCESSING else None,
        timings_s=TIMINGS_S,
        instance_type=instance_type,
        cold_start_s=300.0 if number == 1 else 0.0,
    )


JOBS = [
    job(1, status=JobStatus.COMPLETED, age_s=3000, instance_type="ml.g6.xlarge"),
    job(2, status=JobStatus.FAILED, age_s=2000, instance_type="ml.g5.xlarge"),
    job(3, status=JobStatus.COMPLETED, age_s=1000, instance_type=None),
    job(4, status=JobStatus.CANCELLED, age_s=500, instance_type="ml.p99.huge"),
    job(5, status=JobStatus.PROCESSING, age_s=10, instance_type=None),
    job(6, status=JobStatus.COMPLETED, age_s=90_000, instance_type="ml.g6.xlarge"),
]


def test_the_jobs_of_a_period_and_no_others() -> None:
    store = FakeJobStore({one.job_id: one for one in JOBS})
    found = report(store, since=NOW - 86400, until=NOW)
    assert [line.job_id for line in found.lines] == [one.job_id for one in JOBS[:4]]
    first = job_cost_usd(TIMINGS_S, "ml.g6.xlarge", 300)
    second = job_cost_usd(TIMINGS_S, "ml.g5.xlarge")
    assert found.usd == pytest.approx(first.usd + second.usd)
    assert found.cold_start_usd == pytest.approx(first.cold_start_usd)
    assert found.unmeasured == 2
    text = "\n".join(lines(found))
    assert "4 jobs" in text
    assert f"cold starts {first.cold_start_usd:.4f} $" in text
    assert "2 jobs have no known cost" in text


def test_the_document_for_machines() -> None:
    store = FakeJobStore({one.job_id: one for one in JOBS})
    found = report(store, since=NOW - 86400, until=NOW)
    read = json.loads(json.dumps(document(found)))
    assert dt.datetime.fromisoformat(read["until"]).timestamp() == NOW
    assert dt.datetime.fromisoformat(read["since"]).timestamp() == NOW - 86400
    assert [one["job_id"] for one in read["jobs"]] == [one.job_id for one in JOBS[:4]]
    assert dt.datetime.fromisoformat(read["jobs"][0]["finished_at"]).timestamp() == NOW - 3000
    assert [one["status"] for one in read["jobs"]] == [one.status.value for one in JOBS[:4]]
    first = job_cost_usd(TIMINGS_S, "ml.g6.xlarge", 300)
    assert read["jobs"][0]["usd"] == pytest.approx(first.usd)
    assert read["jobs"][0]["cold_start_usd"] == pytest.approx(first.cold_start_usd)
    assert [one["usd"] is None for one in read["jobs"]] == [False, False, True, True]
    assert read["unmeasured_jobs"] == 2
    for name in ("usd", "cold_start_usd"):
        assert read[name] == pytest.approx(sum(one[name] or 0 for one in read["jobs"]))


def test_a_period_without_jobs() -> None:
    found = report(FakeJobStore(), since=0, until=NOW)
    assert (found.usd, found.cold_start_usd, found.lines) == (0, 0, ())
    assert "0 jobs" in "\n".join(lines(found))
