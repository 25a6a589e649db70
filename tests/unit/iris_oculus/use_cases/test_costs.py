import pytest
from iris_oculus.contracts import CostView
from iris_oculus.documents import InstanceEntry
from iris_oculus.pricing import job_cost_usd
from iris_oculus.use_cases.completion import InferenceOutcome

from tests.unit.iris_oculus.use_cases.system import System

WAITED_S = 300.0


def cost(system: System, job_id: str) -> CostView | None:
    return system.results.job(system.ada, job_id).job.cost


def finished(system: System, *, status: str = "completed", **instance: object) -> str:
    """Id of a job that was taken up WAITED_S after it was asked for."""
    job_id = system.processing_job()
    system.clock.advance(WAITED_S)
    fields = {"instance_type": "ml.g6.xlarge", "first_job": True, "began_at": system.clock.now()}
    entry = InstanceEntry.model_validate({**fields, **instance})
    system.clock.advance(100)
    system.write_result(job_id, status=status, instance=entry)
    system.completion.finish(InferenceOutcome(job_id, 1, None))
    return job_id


@pytest.mark.parametrize("status", ["completed", "failed"])
def test_the_job_that_woke_the_instance_shows_the_cold_start_apart(
    system: System, status: str
) -> None:
    found = cost(system, finished(system, status=status))
    expected = job_cost_usd({"segmenting": 2.5}, "ml.g6.xlarge", WAITED_S)
    assert found is not None
    assert found.instance_type == "ml.g6.xlarge"
    assert found.usd == pytest.approx(expected.usd, abs=1e-6)
    assert found.cold_start_usd == pytest.approx(expected.cold_start_usd, abs=1e-6)


def test_waiting_in_the_queue_of_a_warm_instance_costs_nothing(system: System) -> None:
    found = cost(system, finished(system, first_job=False))
    assert found is not None
    assert found.cold_start_usd == 0


def test_a_clock_that_is_behind_makes_no_negative_cost(system: System) -> None:
    found = cost(system, finished(system, began_at=0.0))
    assert found is not None
    assert found.cold_start_usd == 0


def test_a_retry_waits_from_when_it_was_queued_again(system: System) -> None:
    job_id = system.processing_job()
    system.jobs.report(job_id, attempt=1, now=system.clock.now())
    system.clock.advance(3600)
    system.completion.sweep()
    system.clock.advance(10)
    entry = InstanceEntry(instance_type="ml.g6.xlarge", first_job=True, began_at=system.clock.now())
    system.write_result(job_id, attempt=2, instance=entry)
    system.completion.finish(InferenceOutcome(job_id, 2, None))
    assert system.job(job_id).cold_start_s == 10


def test_no_amount_without_a_known_instance(system: System) -> None:
    local = cost(system, system.completed())
    strange = cost(system, finished(system, instance_type="ml.p99.huge"))
    for found in (local, strange):
        assert found is not None
        assert (found.usd, found.cold_start_usd) == (None, None)
        assert found.basis


def test_no_cost_before_the_end(system: System) -> None:
    assert cost(system, system.uploaded()) is None
    assert cost(system, system.processing_job()) is None
