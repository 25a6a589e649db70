"""Discrete simulation of the endpoint: arrivals, cold starts, scaling, waiting and billed time.

Policies only scale out: the first waiting job starts an instance, and, where more than one is
allowed, others are started while too many jobs wait for each. Nothing but the janitor scales in:
on its schedule it takes the endpoint to zero if no job was processing or waiting for the warm
window.

Pure and repeatable: the same seed gives the same numbers.
"""

import heapq
import itertools
import math
import random
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import IntEnum

JANITOR_PERIOD_S = 300.0
SECONDS_PER_HOUR = 3600.0


@dataclass(frozen=True)
class Span:
    """A triangular distribution of seconds: ``low == high`` makes it a constant."""

    low: float
    mode: float
    high: float

    @property
    def mean(self) -> float:
        """Its expectation."""
        return (self.low + self.mode + self.high) / 3

    def draw(self, rng: random.Random) -> float:
        """One sample."""
        return self.low if self.low == self.high else rng.triangular(self.low, self.high, self.mode)


@dataclass(frozen=True)
class Scaling:
    """How the endpoint is set up.

    Attributes
    ----------
    max_instances : int
    warm_window_s : float
        How long the endpoint must have been idle before the janitor takes it to zero; infinite for
        an endpoint that is never stopped.
    backlog_per_instance : int
        One more instance is started while more jobs than this wait for each that is up or starting.
    cold_start : Span
        From the first waiting job to an instance that takes it.
    """

    max_instances: int = 1
    warm_window_s: float = 600.0
    backlog_per_instance: int = 4
    cold_start: Span = Span(240, 360, 600)


@dataclass(frozen=True)
class SimulatedJob:
    """One job; seconds since the start of the simulation."""

    arrived_s: float
    began_s: float
    ended_s: float
    instance: int

    @property
    def waited_s(self) -> float:
        """From arrival to the start of its work."""
        return self.began_s - self.arrived_s


@dataclass(frozen=True)
class BilledInstance:
    """One instance from its launch to its end, all of which is billed."""

    launched_s: float
    ready_s: float
    stopped_s: float

    @property
    def billed_s(self) -> float:
        """Seconds on the bill."""
        return self.stopped_s - self.launched_s


@dataclass(frozen=True)
class Outcome:
    """Everything that happened."""

    jobs: tuple[SimulatedJob, ...]
    instances: tuple[BilledInstance, ...]

    @property
    def billed_s(self) -> float:
        """Instance-seconds on the bill: ``busy_s + starting_s + idle_s``."""
        return sum(instance.billed_s for instance in self.instances)

    @property
    def busy_s(self) -> float:
        """Instance-seconds of work."""
        return sum(job.ended_s - job.began_s for job in self.jobs)

    @property
    def starting_s(self) -> float:
        """Instance-seconds of cold starts."""
        return sum(instance.ready_s - instance.launched_s for instance in self.instances)

    @property
    def idle_s(self) -> float:
        """Instance-seconds for nobody."""
        return self.billed_s - self.busy_s - self.starting_s

    def waited_s(self, quantile: float) -> float:
        """A quantile of the waiting time (nearest rank), seconds."""
        waits = sorted(job.waited_s for job in self.jobs)
        return waits[max(0, math.ceil(quantile * len(waits)) - 1)]


def poisson_arrivals(rng: random.Random, *, per_hour: float, count: int) -> list[float]:
    """Arrival times of jobs that come one by one, independently of each other; ascending."""
    gaps = (rng.expovariate(per_hour / SECONDS_PER_HOUR) for _ in range(count))
    return list(itertools.accumulate(gaps))


def burst_arrivals(rng: random.Random, *, per_hour: float, count: int, burst: int) -> list[float]:
    """Arrival times of jobs that come ``burst`` at a time; bursts are a Poisson process."""
    starts = poisson_arrivals(rng, per_hour=per_hour / burst, count=math.ceil(count / burst))
    return [start for start in starts for _ in range(burst)][:count]


class _Kind(IntEnum):
    """Events; at the same moment, in this order."""

    DONE = 0
    READY = 1
    ARRIVAL = 2
    SWEEP = 3


@dataclass
class _Instance:
    launched_s: float
    ready_s: float
    job: tuple[float, float] | None = None  # arrived, began


@dataclass
class _Endpoint:
    scaling: Scaling
    service: Span
    rng: random.Random
    events: list[tuple[float, _Kind, int]] = field(default_factory=list)
    waiting: deque[float] = field(default_factory=deque)
    up: dict[int, _Instance] = field(default_factory=dict)
    free: list[int] = field(default_factory=list)
    starting: int = 0
    idle_since_s: float = 0.0
    launched: int = 0
    jobs: list[SimulatedJob] = field(default_factory=list)
    instances: list[BilledInstance] = field(default_factory=list)

    def arrival(self, now: float) -> None:
        self.waiting.append(now)
        self.scale_out(now)
        self.dispatch(now)

    def scale_out(self, now: float) -> None:
        while len(self.up) < self.scaling.max_instances and self._too_few():
            number = self.launched
            ready = now + self.scaling.cold_start.draw(self.rng)
            if not self.up:  # sweeps of an endpoint without instances change nothing: left out
                sweep = math.floor(now / JANITOR_PERIOD_S + 1) * JANITOR_PERIOD_S
                heapq.heappush(self.events, (sweep, _Kind.SWEEP, -1))
            self.up[number] = _Instance(now, ready)
            self.launched += 1
            self.starting += 1
            heapq.heappush(self.events, (ready, _Kind.READY, number))

    def _too_few(self) -> bool:
        if not self.up:
            return bool(self.waiting)
        return len(self.waiting) > self.scaling.backlog_per_instance * len(self.up)

    def ready(self, now: float, number: int) -> None:
        self.starting -= 1
        heapq.heappush(self.free, number)
        self.dispatch(now)

    def done(self, now: float, number: int) -> None:
        instance = self.up[number]
        if instance.job is not None:
            arrived, began = instance.job
            self.jobs.append(SimulatedJob(arrived, began, now, number))
        instance.job = None
        self.idle_since_s = now
        heapq.heappush(self.free, number)
        self.dispatch(now)

    def dispatch(self, now: float) -> None:
        while self.waiting and self.free:
            number = heapq.heappop(self.free)
            self.up[number].job = (self.waiting.popleft(), now)
            done = now + self.service.draw(self.rng)
            heapq.heappush(self.events, (done, _Kind.DONE, number))

    def sweep(self, now: float) -> None:
        idle = not self.waiting and len(self.free) + self.starting == len(self.up)
        if idle and now - self.idle_since_s >= self.scaling.warm_window_s and not self.starting:
            self.stop(now)
        elif self.up and not math.isinf(self.scaling.warm_window_s):
            heapq.heappush(self.events, (now + JANITOR_PERIOD_S, _Kind.SWEEP, -1))

    def stop(self, now: float) -> None:
        for instance in self.up.values():
            self.instances.append(BilledInstance(instance.launched_s, instance.ready_s, now))
        self.up.clear()
        self.free.clear()


def simulate(
    arrivals: Sequence[float], *, scaling: Scaling, service: Span, seed: int = 1
) -> Outcome:
    """Run all jobs to their end.

    Parameters
    ----------
    arrivals : sequence of float
        Seconds, ascending.
    scaling : Scaling
    service : Span
        Time that a job takes on an instance.
    seed : int
        Of cold starts and service times.

    Raises
    ------
    ValueError
        If the arrivals are not in order.
    """
    if any(later < earlier for earlier, later in itertools.pairwise(arrivals)):
        raise ValueError("arrivals must be in ascending order")
    endpoint = _Endpoint(scaling, service, random.Random(seed))  # noqa: S311 - no secret is made
    coming = deque(arrivals)
    now = 0.0
    while coming or endpoint.events:
        if coming and (not endpoint.events or (coming[0], _Kind.ARRIVAL) < endpoint.events[0][:2]):
            now = coming.popleft()
            endpoint.arrival(now)
            continue
        now, kind, number = heapq.heappop(endpoint.events)
        if kind is _Kind.DONE:
            endpoint.done(now, number)
        elif kind is _Kind.READY:
            endpoint.ready(now, number)
        else:
            endpoint.sweep(now)
    endpoint.stop(now)  # an endpoint that is never taken to zero ends with the simulation
    return Outcome(tuple(endpoint.jobs), tuple(endpoint.instances))
