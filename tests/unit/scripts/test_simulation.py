import itertools
import math
import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scripts.operations.simulation import (
    JANITOR_PERIOD_S,
    Outcome,
    Scaling,
    Span,
    burst_arrivals,
    poisson_arrivals,
    simulate,
)

AT_ONCE = Span(0, 0, 0)
SERVICE = Span(30, 50, 100)
MINUTE = Span(60, 60, 60)

arrival_times = st.lists(st.floats(0, 40_000), max_size=60).map(sorted)
scalings = st.builds(
    Scaling,
    max_instances=st.integers(1, 4),
    warm_window_s=st.sampled_from([0.0, 60.0, 600.0, 3600.0, math.inf]),
    backlog_per_instance=st.integers(1, 5),
)


@settings(deadline=None, max_examples=150)
@given(arrival_times, scalings, st.integers(0, 5))
def test_invariants(arrivals: list[float], scaling: Scaling, seed: int) -> None:
    outcome = simulate(arrivals, scaling=scaling, service=SERVICE, seed=seed)

    assert sorted(job.arrived_s for job in outcome.jobs) == arrivals
    assert all(job.waited_s >= 0 for job in outcome.jobs)
    in_order = sorted(outcome.jobs, key=lambda job: job.began_s)
    assert [job.arrived_s for job in in_order] == arrivals, "first come, first served"
    _each_instance_does_one_thing_at_a_time(outcome)

    assert outcome.busy_s + outcome.starting_s + outcome.idle_s == pytest.approx(outcome.billed_s)
    assert outcome.idle_s >= -1e-6
    assert _most_at_once(outcome) <= scaling.max_instances
    assert outcome == simulate(arrivals, scaling=scaling, service=SERVICE, seed=seed)


def _each_instance_does_one_thing_at_a_time(outcome: Outcome) -> None:
    # Instances are numbered by their launch; all that were launched later stop no earlier.
    by_number = sorted(outcome.instances, key=lambda instance: instance.launched_s)
    for number, instance in enumerate(by_number):
        jobs = sorted(
            (job for job in outcome.jobs if job.instance == number), key=lambda job: job.began_s
        )
        for before, after in itertools.pairwise(jobs):
            assert before.ended_s <= after.began_s
        for job in jobs:
            assert instance.ready_s <= job.began_s
            assert job.ended_s <= instance.stopped_s, "a running job was killed"


def _most_at_once(outcome: Outcome) -> int:
    changes = [(one.launched_s, 1) for one in outcome.instances]
    changes += [(one.stopped_s, -1) for one in outcome.instances]
    return max(itertools.accumulate(change for _, change in sorted(changes)), default=0)


def test_one_job_by_hand() -> None:
    scaling = Scaling(warm_window_s=600, cold_start=Span(300, 300, 300))
    outcome = simulate([10.0], scaling=scaling, service=MINUTE)
    (job,) = outcome.jobs
    assert (job.waited_s, job.ended_s) == (300, 370)
    # Idle from 370 s, so the window is over at 970 s; the next sweep is at 1200 s.
    assert outcome.billed_s == 1200 - 10
    assert (outcome.busy_s, outcome.starting_s, outcome.idle_s) == (60, 300, 830)


def test_a_job_within_the_window_finds_the_instance_warm_and_one_after_it_does_not() -> None:
    scaling = Scaling(warm_window_s=600, cold_start=Span(300, 300, 300))
    warm = simulate([0.0, 800.0], scaling=scaling, service=MINUTE)
    assert [job.waited_s for job in warm.jobs] == [300, 0]
    assert len(warm.instances) == 1
    cold = simulate([0.0, 2000.0], scaling=scaling, service=MINUTE)
    assert [job.waited_s for job in cold.jobs] == [300, 300]
    assert len(cold.instances) == 2


@pytest.mark.parametrize("load", [0.3, 0.6, 0.8])
def test_waiting_of_one_warm_instance_is_that_of_theory(load: float) -> None:
    # M/D/1: the mean wait is load * service / (2 * (1 - load)) (Pollaczek-Khinchine).
    arrivals = poisson_arrivals(random.Random(7), per_hour=load * 60, count=60_000)
    scaling = Scaling(warm_window_s=math.inf, cold_start=AT_ONCE)
    outcome = simulate(arrivals, scaling=scaling, service=MINUTE)
    mean = sum(job.waited_s for job in outcome.jobs) / len(outcome.jobs)
    assert mean == pytest.approx(load * 60 / (2 * (1 - load)), rel=0.06)
    assert outcome.busy_s / outcome.billed_s == pytest.approx(load, rel=0.02)


def test_a_longer_window_costs_more_idle_time_and_spares_cold_starts() -> None:
    arrivals = poisson_arrivals(random.Random(3), per_hour=2, count=2000)
    runs = [
        simulate(arrivals, scaling=Scaling(warm_window_s=window), service=SERVICE)
        for window in (0, 600, 1800, 3600)
    ]
    idle = [run.idle_s for run in runs]
    starts = [len(run.instances) for run in runs]
    assert idle == sorted(idle)
    assert starts == sorted(starts, reverse=True)


def test_a_burst_shares_one_cold_start_and_more_instances_shorten_it() -> None:
    arrivals = burst_arrivals(random.Random(5), per_hour=1, count=25, burst=25)
    one = simulate(arrivals, scaling=Scaling(), service=SERVICE)
    four = simulate(arrivals, scaling=Scaling(max_instances=4), service=SERVICE)
    assert len(one.instances) == 1
    assert len(four.instances) == 4
    assert four.waited_s(0.95) < one.waited_s(0.95)


def test_the_rate_of_arrivals() -> None:
    for arrivals in (
        poisson_arrivals(random.Random(1), per_hour=5, count=5000),
        burst_arrivals(random.Random(1), per_hour=5, count=50_000, burst=10),
    ):
        assert arrivals == sorted(arrivals)
        assert len(arrivals) / (arrivals[-1] / 3600) == pytest.approx(5, rel=0.05)


def test_sweeps_come_on_the_schedule() -> None:
    scaling = replace(Scaling(), warm_window_s=0)
    outcome = simulate([100.0, 9000.0], scaling=scaling, service=MINUTE)
    assert all(one.stopped_s % JANITOR_PERIOD_S == 0 for one in outcome.instances)


def test_arrivals_out_of_order_are_refused() -> None:
    with pytest.raises(ValueError, match="ascending"):
        simulate([2.0, 1.0], scaling=Scaling(), service=SERVICE)
