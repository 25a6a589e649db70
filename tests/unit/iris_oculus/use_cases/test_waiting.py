"""What a job waits for, as ``GET /jobs/{id}`` tells it."""

import logging
from dataclasses import replace

import pytest
from iris_oculus.contracts import WaitingView
from iris_oculus.job import JobStatus
from iris_oculus.ports import Capacity
from iris_oculus.use_cases.completion import InferenceOutcome
from iris_oculus.use_cases.waiting import LOOK_AGAIN_S, MEASURE_AGAIN_S, Waiting

from tests.unit.iris_oculus.use_cases.system import System

DEFAULT_S = 360.0
ASLEEP = Capacity(
    ("AllTraffic",), instances=0, running=0, takes_requests=True, in_service=True, changed_at=0.0
)
STARTING = replace(ASLEEP, instances=1, in_service=False)
AWAKE = replace(STARTING, running=1, in_service=True)


def waiting(system: System, job_id: str) -> WaitingView | None:
    return system.results.job(system.ada, job_id).job.waiting


def look(system: System, job_id: str) -> WaitingView | None:
    """What is seen when nothing is remembered."""
    system.clock.advance(LOOK_AGAIN_S + 0.1)
    return waiting(system, job_id)


def take_up(system: System, job_id: str, attempt: int = 1) -> None:
    system.jobs.report(job_id, attempt=attempt, now=system.clock.now())


def measured(system: System, *starts_s: float) -> None:
    """Completed jobs, the last one last, whose instance took so long to start."""
    for start_s in starts_s:
        job = system.job(system.completed())
        system.jobs.replace(replace(job, cold_start_s=start_s), expected=job)


@pytest.mark.parametrize("found", [ASLEEP, STARTING])
def test_without_an_instance_one_is_starting(system: System, found: Capacity) -> None:
    system.capacity.found = found
    job_id = system.processing_job()
    assert waiting(system, job_id) == WaitingView(
        reason="instance_starting", jobsAhead=0, eta_s=DEFAULT_S
    )


def test_a_busy_instance_has_as_many_jobs_as_were_queued_before(system: System) -> None:
    system.capacity.found = AWAKE
    first, second, third = (system.processing_job() for _ in range(3))
    take_up(system, first)
    assert waiting(system, first) is None
    assert waiting(system, second) == WaitingView(reason="instance_busy", jobsAhead=1)
    assert waiting(system, third) == WaitingView(reason="instance_busy", jobsAhead=2)
    system.write_result(first)
    system.completion.finish(InferenceOutcome(first, 1, None))
    assert look(system, second) is None, "it is about to be taken up"
    assert waiting(system, third) == WaitingView(reason="instance_busy", jobsAhead=1)


def test_the_queue_is_the_whole_endpoints_and_not_one_owners(system: System) -> None:
    system.capacity.found = AWAKE
    others = system.job(system.processing_job())
    system.jobs.replace(replace(others, owner="anonymous:grace"), expected=others)
    mine = waiting(system, system.processing_job())
    assert mine is not None
    assert mine.jobsAhead == 1


def test_the_estimate_counts_down_and_never_below_a_minute(system: System) -> None:
    system.capacity.found = STARTING
    job_id = system.processing_job()
    left = []
    for _ in range(6):
        view = waiting(system, job_id)
        assert view is not None
        left.append(view.eta_s)
        system.clock.advance(100)
    assert left == [360, 260, 160, 60, 60, 60]


def test_a_start_that_takes_far_too_long_is_not_estimated(system: System) -> None:
    system.capacity.found = ASLEEP
    job_id = system.processing_job()
    system.clock.advance(2 * DEFAULT_S + 1)
    view = waiting(system, job_id)
    assert view == WaitingView(reason="instance_starting", jobsAhead=0, eta_s=None)


def test_who_comes_later_waits_for_the_start_that_the_first_one_asked_for(system: System) -> None:
    system.capacity.found = STARTING
    system.processing_job()
    system.clock.advance(119)
    second = system.processing_job()
    assert waiting(system, second) == WaitingView(
        reason="instance_starting", jobsAhead=1, eta_s=DEFAULT_S - 120
    )


def test_a_retried_job_waits_like_any_other(system: System) -> None:
    system.capacity.found = ASLEEP
    job_id = system.processing_job()
    assert waiting(system, job_id) is not None
    take_up(system, job_id)
    system.clock.advance(5)
    system.completion.finish(InferenceOutcome(job_id, 1, "the instance was taken away"))
    view = waiting(system, job_id)
    assert view == WaitingView(reason="instance_starting", jobsAhead=0, eta_s=DEFAULT_S)
    take_up(system, job_id, attempt=2)
    assert waiting(system, job_id) is None


@pytest.mark.parametrize(
    ("starts_s", "expected_s"),
    [
        ((), DEFAULT_S),
        ((0, 0), DEFAULT_S),  # a warm instance's jobs waited for no start
        ((240, 0, 0), 240),
        ((9000, 200, 280), 280),
        ((20000, 300), 300),  # the day on which there was no capacity
    ],
)
def test_measured_starts_take_the_place_of_the_default(
    system: System, starts_s: tuple[float, ...], expected_s: float
) -> None:
    measured(system, *starts_s)
    system.capacity.found = ASLEEP
    view = waiting(system, system.processing_job())
    assert view is not None
    assert view.eta_s == expected_s


def test_the_latest_starts_count(system: System) -> None:
    measured(system, *[900] * 30, *[180] * 25)
    system.capacity.found = ASLEEP
    view = waiting(system, system.processing_job())
    assert view is not None
    assert view.eta_s == 180


def test_new_measurements_are_seen_after_a_while(system: System) -> None:
    system.capacity.found = ASLEEP
    first = system.processing_job()
    assert waiting(system, first) is not None
    measured(system, 100)
    take_up(system, first)
    system.clock.advance(MEASURE_AGAIN_S + 1)
    view = waiting(system, system.processing_job())
    assert view is not None
    assert view.eta_s == 100


def test_without_a_default_and_a_measurement_nothing_is_promised(system: System) -> None:
    system.capacity.found = ASLEEP
    use_case = Waiting(
        system.jobs, lambda: system.capacity, system.clock, default_cold_start_s=None
    )
    view = use_case.view(system.job(system.processing_job()))
    assert view == WaitingView(reason="instance_starting", jobsAhead=0, eta_s=None)


@pytest.mark.parametrize("found", [None, replace(ASLEEP, takes_requests=False)])
def test_of_an_endpoint_that_starts_nothing_nothing_is_said(
    system: System, found: Capacity | None
) -> None:
    system.capacity.found = found
    assert waiting(system, system.processing_job()) is None


def test_a_refusal_costs_the_reason_and_not_the_answer(
    system: System, caplog: pytest.LogCaptureFixture
) -> None:
    system.capacity.found = ASLEEP
    system.capacity.silent = True
    job_id = system.processing_job()
    with caplog.at_level(logging.WARNING):
        answer = system.results.job(system.ada, job_id)
    assert (answer.job.stage, answer.job.waiting) == ("queued", None)
    assert "ThrottlingException" in caplog.text
    # It is not asked again at once, which would only keep the throttling up.
    system.capacity.silent = False
    assert waiting(system, job_id) is None
    assert system.capacity.reads == 1
    assert look(system, job_id) is not None


def test_pages_that_ask_often_make_few_calls(system: System) -> None:
    system.capacity.found = ASLEEP
    jobs = [system.processing_job() for _ in range(5)]
    began_at = system.clock.now()
    while system.clock.now() < began_at + 60:
        for job_id in jobs:
            assert waiting(system, job_id) is not None
        system.clock.advance(0.5)
    assert system.capacity.reads <= 60 / LOOK_AGAIN_S + 1


def test_only_a_job_without_a_worker_asks(system: System) -> None:
    system.capacity.found = ASLEEP
    taken, cancelled = (system.processing_job() for _ in range(2))
    take_up(system, taken)
    system.processing.cancel(system.ada, cancelled)
    for job_id in (system.uploaded(), taken, cancelled, system.completed()):
        assert waiting(system, job_id) is None
    system.processing_job()
    listed = system.results.list(system.ada, limit=100, cursor=None).jobs
    assert {job.status for job in listed} >= {JobStatus.PROCESSING, JobStatus.UPLOADED}
    assert system.capacity.reads == 0
