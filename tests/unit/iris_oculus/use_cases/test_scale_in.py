from dataclasses import replace
from typing import Any

import pytest
from iris_oculus.contracts import ProcessRequest
from iris_oculus.job import JobStatus
from iris_oculus.ports import Capacity
from iris_oculus.use_cases.completion import InferenceOutcome
from iris_oculus.use_cases.scale_in import ScaleIn

from tests.fakes import FakeCapacity
from tests.unit.iris_oculus.use_cases.system import System

WINDOW_S = 600.0
SILENCE_S = 61.0


class Scaling:
    """The use case over an endpoint of one instance that has long been in service."""

    def __init__(self, system: System) -> None:
        self.system = system
        changed_at = system.clock.now() - 10 * WINDOW_S
        one = Capacity(
            ("AllTraffic",),
            instances=1,
            running=1,
            takes_requests=True,
            in_service=True,
            changed_at=changed_at,
        )
        self.capacity = FakeCapacity(one)
        self.use_case = ScaleIn(system.jobs, self.capacity, system.clock, WINDOW_S)

    @property
    def instances(self) -> int:
        assert self.capacity.found is not None
        return self.capacity.found.instances

    def change(self, **changes: Any) -> None:
        assert self.capacity.found is not None
        self.capacity.found = replace(self.capacity.found, **changes)


@pytest.fixture
def scaling(system: System) -> Scaling:
    return Scaling(system)


def test_an_idle_endpoint_goes_to_zero_once(scaling: Scaling) -> None:
    assert scaling.use_case.run()
    assert scaling.instances == 0
    assert not scaling.use_case.run()
    assert scaling.capacity.released == 1


def test_never_while_a_job_is_waiting_or_processing_however_long(
    system: System, scaling: Scaling
) -> None:
    job_id = system.processing_job()
    for wait_s in (0.0, WINDOW_S, 100 * WINDOW_S):
        system.clock.advance(wait_s)
        assert not scaling.use_case.run()
    system.jobs.report(job_id, attempt=1, now=system.clock.now())
    assert not scaling.use_case.run()


@pytest.mark.parametrize("end", ["completed", "cancelled", "deleted"])
def test_the_window_counts_from_the_last_jobs_end(
    system: System, scaling: Scaling, end: str
) -> None:
    job_id = system.processing_job()
    system.clock.advance(5000)
    if end == "completed":
        system.write_result(job_id)
        system.completion.finish(InferenceOutcome(job_id, 1, None))
    elif end == "cancelled":
        system.processing.cancel(system.ada, job_id)
    else:
        system.results.delete(system.ada, job_id)
    system.clock.advance(WINDOW_S - 1)
    assert not scaling.use_case.run()
    system.clock.advance(2)
    assert scaling.use_case.run()


def test_an_upload_alone_keeps_no_instance(system: System, scaling: Scaling) -> None:
    system.uploaded()
    assert scaling.use_case.run()


def test_an_endpoint_that_was_just_started_or_woken_is_left_alone(
    system: System, scaling: Scaling
) -> None:
    scaling.change(changed_at=system.clock.now())
    system.clock.advance(WINDOW_S - 1)
    assert not scaling.use_case.run()
    system.clock.advance(2)
    assert scaling.use_case.run()


def test_nothing_to_do_without_an_endpoint_or_while_it_changes(scaling: Scaling) -> None:
    scaling.change(in_service=False)
    assert not scaling.use_case.run()
    scaling.change(in_service=True)
    scaling.capacity.changing = True
    assert not scaling.use_case.run()
    scaling.capacity.found = None
    assert not scaling.use_case.run()
    assert scaling.capacity.released == 0


class RacingCapacity(FakeCapacity):
    """A job arrives after the look at the table and before the instances go."""

    def __init__(self, found: Capacity, system: System) -> None:
        super().__init__(found)
        self.system = system
        self.job_id = ""

    def release(self, capacity: Capacity) -> None:
        if not self.job_id:
            self.job_id = self.system.uploaded()
            self.system.processing.process(self.system.ada, ProcessRequest(jobId=self.job_id))
        super().release(capacity)


def test_a_job_that_comes_in_between_waits_in_the_queue_and_completes(
    system: System, scaling: Scaling
) -> None:
    capacity = RacingCapacity(scaling.capacity.found, system)
    use_case = replace(scaling.use_case, capacity=capacity)
    assert use_case.run()
    (queued,) = system.endpoint.invocations
    assert (queued.job_id, queued.attempt) == (capacity.job_id, 1)
    # Hours of cold start later nobody has given it up, and no look takes the new instance.
    system.clock.advance(2 * 3600)
    capacity.found = replace(capacity.found, instances=1)
    assert system.completion.sweep() == {}
    assert not use_case.run()
    system.write_result(capacity.job_id)
    outcome = InferenceOutcome(capacity.job_id, 1, None)
    assert system.completion.finish(outcome) is JobStatus.COMPLETED
    assert system.job(capacity.job_id).warnings == ()


def test_a_job_that_was_taken_up_in_between_runs_again_and_completes(
    system: System, scaling: Scaling
) -> None:
    capacity = RacingCapacity(scaling.capacity.found, system)
    use_case = replace(scaling.use_case, capacity=capacity)
    assert use_case.run()
    job_id = capacity.job_id
    # The instance had begun; it was told to go, handed the job back and wrote no result.
    system.jobs.report(job_id, attempt=1, now=system.clock.now())
    system.clock.advance(SILENCE_S)
    system.completion.sweep()
    assert [invocation.attempt for invocation in system.endpoint.invocations] == [1, 2]
    capacity.found = replace(capacity.found, instances=1)
    system.clock.advance(100 * WINDOW_S)
    assert not use_case.run(), "a second race would lose the job"
    system.write_result(job_id, attempt=2)
    outcome = InferenceOutcome(job_id, 2, None)
    assert system.completion.finish(outcome) is JobStatus.COMPLETED
