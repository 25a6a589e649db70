from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import pytest
from iris_oculus.job import JobStatus, Progress, Stage
from scan_to_mesh.progress import STAGE_STARTS, JobStopped, ProgressReporter

from tests.fakes import FakeClock, FakeJobStore
from tests.unit.scan_to_mesh.jobs_and_scans import (
    JOB_ID,
    NOW,
    invocation,
    processing_job,
    set_status,
)


@dataclass
class WatchedJobStore(FakeJobStore):
    """Keeps every report."""

    reports: list[tuple[float, Progress | None]] = field(default_factory=list)

    def report(
        self, job_id: str, *, attempt: int, now: float, progress: Progress | None = None
    ) -> None:
        super().report(job_id, attempt=attempt, now=now, progress=progress)
        self.reports.append((now, progress))


class UnreachableJobStore(FakeJobStore):
    """A table that cannot be reached."""

    def report(
        self, job_id: str, *, attempt: int, now: float, progress: Progress | None = None
    ) -> None:
        raise ConnectionError


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(NOW)


@pytest.fixture
def jobs() -> WatchedJobStore:
    return WatchedJobStore({JOB_ID: processing_job()})


@pytest.fixture
def progress(jobs: WatchedJobStore, clock: FakeClock) -> ProgressReporter:
    return ProgressReporter(jobs, clock, invocation())


def test_stages_follow_one_another_from_nothing_to_everything() -> None:
    assert list(STAGE_STARTS) == [stage for stage in Stage if stage is not Stage.QUEUED]
    assert list(STAGE_STARTS.values()) == sorted(STAGE_STARTS.values())
    assert STAGE_STARTS[Stage.LOADING] == 0


def test_the_fraction_rises_and_ends_at_one(
    progress: ProgressReporter, jobs: WatchedJobStore, clock: FakeClock
) -> None:
    for stage in STAGE_STARTS:
        progress.enter(stage)
        for done in (1, 3, 2, 4):  # threads may report out of order
            clock.advance(1)
            progress.step(done, 4)
    written = [report for _, report in jobs.reports if report]
    fractions = [report.fraction for report in written]
    assert len(written) == 5 * len(STAGE_STARTS)
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1
    assert (written[-1].stage, written[-1].done, written[-1].total) == (Stage.PUBLISHING, 4, 4)


def test_steps_are_written_once_a_second_and_stages_at_once(
    progress: ProgressReporter, jobs: WatchedJobStore, clock: FakeClock
) -> None:
    progress.enter(Stage.MESHING)
    progress.enter(Stage.EXPORTING)
    for done in range(1, 21):
        clock.advance(0.25)
        progress.step(done, 20)
    assert [report.stage for _, report in jobs.reports[:2] if report] == ["meshing", "exporting"]
    assert [now - NOW for now, _ in jobs.reports] == [0, 0, 1, 2, 3, 4, 5]


def test_a_stage_without_steps_reports_its_start(
    progress: ProgressReporter, jobs: WatchedJobStore, clock: FakeClock
) -> None:
    progress.enter(Stage.SEGMENTING)
    clock.advance(1)
    progress.step(0, 0)
    assert jobs.reports[-1][1] == Progress(Stage.SEGMENTING, STAGE_STARTS[Stage.SEGMENTING], 0, 0)


@pytest.mark.parametrize(
    "status", [JobStatus.CANCELLED, JobStatus.DELETED, JobStatus.FAILED, JobStatus.COMPLETED]
)
def test_a_job_that_is_over_stops_the_work(
    progress: ProgressReporter, jobs: WatchedJobStore, status: JobStatus
) -> None:
    progress.enter(Stage.LOADING)
    set_status(jobs, status)
    with pytest.raises(JobStopped):
        progress.enter(Stage.SEGMENTING)
    assert progress.stopped
    with pytest.raises(JobStopped):
        progress.step(1, 2)


def test_a_table_that_cannot_be_reached_does_not_stop_the_work(clock: FakeClock) -> None:
    progress = ProgressReporter(UnreachableJobStore(), clock, invocation())
    progress.enter(Stage.LOADING)
    assert not progress.stopped


def test_reports_from_many_threads_stay_in_order(
    progress: ProgressReporter, jobs: WatchedJobStore, clock: FakeClock
) -> None:
    def report(done: int) -> None:
        clock.advance(1)
        progress.step(done, 200)

    progress.enter(Stage.MESHING)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(report, range(1, 201)))
    fractions = [report.fraction for _, report in jobs.reports if report]
    assert fractions == sorted(fractions)
