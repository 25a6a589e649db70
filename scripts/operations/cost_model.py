"""What a month of the whole deployment costs, by the number of scans."""

import math
import random
from dataclasses import dataclass, field

from iris_oculus.pricing import PRICES, PriceTable, instance_usd

from scripts.operations.simulation import (
    Outcome,
    Scaling,
    Span,
    burst_arrivals,
    poisson_arrivals,
    simulate,
)

HOURS_PER_MONTH = 730.0
RETENTION_MONTHS = 3.0
"""Ninety days, after which the table's TTL and the bucket's lifecycle delete everything."""
SWEEPS_PER_MONTH = HOURS_PER_MONTH * 12
FEWEST_JOBS, MOST_JOBS = 2_000, 100_000
"""Small volumes are simulated over more months than one, so that chance evens out; large ones over
a part of one, which has jobs enough."""


FAST_SCAN = Span(30, 50, 100)


@dataclass(frozen=True)
class Assumptions:
    """What a scan is taken to need. None of it was measured on a GPU.

    Attributes
    ----------
    instance_type : str
    service : Span
        Seconds on the instance of a fast scan.
    scan_gb, artifacts_gb : float
        Stored for the retention.
    downloaded_gb : float
        Sent to the internet: the page's model and preview, and a few files.
    api_calls : int
        Upload, process, polls of the page, files; each is one Lambda of ``lambda_gb_s``.
    inspect_gb_s, inspect_scratch_gb_s : float
        Of the ``inspect`` function: memory and scratch disk, times seconds.
    puts, gets : int
        S3 requests.
    writes, reads : int
        DynamoDB request units; progress and heartbeats rewrite an item of some KB and its indexes.
    image_gb : float
        The container's image in ECR.
    sweep_gb_s : float
        Of one run of the janitor.
    """

    instance_type: str = "ml.g6.xlarge"
    service: Span = FAST_SCAN
    scan_gb: float = 0.10
    artifacts_gb: float = 0.06
    downloaded_gb: float = 0.03
    api_calls: int = 60
    lambda_gb_s: float = 0.5 * 0.1
    inspect_gb_s: float = 3.0 * 15
    inspect_scratch_gb_s: float = 10.0 * 15
    puts: int = 250
    gets: int = 100
    writes: int = 400
    reads: int = 150
    image_gb: float = 8.0
    sweep_gb_s: float = 0.5 * 0.5


@dataclass(frozen=True)
class Month:
    """One month's bill, US dollars, and how long jobs waited.

    Attributes
    ----------
    work, cold_start, idle : float
        Of the instances.
    storage : float
        Bucket at its steady state, and image.
    requests : float
        API, Lambda, DynamoDB, S3.
    transfer : float
    median_wait_s, p95_wait_s : float
    """

    scans: int
    work: float = 0.0
    cold_start: float = 0.0
    idle: float = 0.0
    storage: float = 0.0
    requests: float = 0.0
    transfer: float = 0.0
    median_wait_s: float = 0.0
    p95_wait_s: float = 0.0

    @property
    def gpu(self) -> float:
        """Everything that the instances cost."""
        return self.work + self.cold_start + self.idle

    @property
    def total(self) -> float:
        """The whole bill."""
        return self.gpu + self.storage + self.requests + self.transfer


@dataclass(frozen=True)
class Workload:
    """How many scans a month, and whether they come one by one or in batches."""

    scans: int
    batch: int = 1
    scaling: Scaling = field(default_factory=Scaling)


def simulate_month(workload: Workload, assumptions: Assumptions, *, seed: int = 1) -> Outcome:
    """Simulate a month's jobs: at least ``FEWEST_JOBS``, at most ``MOST_JOBS``."""
    rng = random.Random(seed)  # noqa: S311 - no secret is made
    count = min(max(workload.scans, FEWEST_JOBS), MOST_JOBS)
    per_hour = workload.scans / HOURS_PER_MONTH
    arrivals = (
        poisson_arrivals(rng, per_hour=per_hour, count=count)
        if workload.batch == 1
        else burst_arrivals(rng, per_hour=per_hour, count=count, burst=workload.batch)
    )
    return simulate(arrivals, scaling=workload.scaling, service=assumptions.service, seed=seed)


def monthly_bill(
    workload: Workload,
    assumptions: Assumptions = Assumptions(),
    *,
    prices: PriceTable = PRICES,
) -> Month:
    """What a month costs; free tiers, taxes and logs are left out.

    Raises
    ------
    UnknownInstanceType
        If there is no price for the instance.
    """
    scans = workload.scans
    kept_gb = scans * RETENTION_MONTHS * (assumptions.scan_gb + assumptions.artifacts_gb)
    bill = {
        "storage": kept_gb * prices.s3_usd_per_gb_month
        + assumptions.image_gb * prices.ecr_usd_per_gb_month,
        "requests": scans * _requests_usd(assumptions, prices) + _sweeps_usd(assumptions, prices),
        "transfer": scans * assumptions.downloaded_gb * prices.transfer_out_usd_per_gb,
    }
    if scans == 0:
        return Month(scans, storage=bill["storage"], requests=bill["requests"])
    outcome = simulate_month(workload, assumptions)
    share = scans / len(outcome.jobs)

    def usd(seconds: float) -> float:
        return share * instance_usd(assumptions.instance_type, seconds, prices=prices)

    return Month(
        scans,
        work=usd(outcome.busy_s),
        cold_start=usd(outcome.starting_s),
        idle=usd(outcome.idle_s),
        storage=bill["storage"],
        requests=bill["requests"],
        transfer=bill["transfer"],
        median_wait_s=outcome.waited_s(0.5),
        p95_wait_s=outcome.waited_s(0.95),
    )


def instances_for(scans_per_day: float, assumptions: Assumptions, *, load: float = 0.8) -> int:
    """Instances that keep up with a day's scans when each is at work for a share of the time."""
    return max(1, math.ceil(scans_per_day * assumptions.service.mean / 86400 / load))


def _requests_usd(assumptions: Assumptions, prices: PriceTable) -> float:
    api = assumptions.api_calls * (
        prices.api_usd_per_request
        + prices.lambda_usd_per_request
        + assumptions.lambda_gb_s * prices.lambda_usd_per_gb_s
    )
    inspect = (
        prices.lambda_usd_per_request
        + assumptions.inspect_gb_s * prices.lambda_usd_per_gb_s
        + assumptions.inspect_scratch_gb_s * prices.lambda_scratch_usd_per_gb_s
    )
    table = (
        assumptions.writes * prices.dynamodb_usd_per_write
        + assumptions.reads * prices.dynamodb_usd_per_read
    )
    bucket = assumptions.puts * prices.s3_usd_per_put + assumptions.gets * prices.s3_usd_per_get
    return api + inspect + table + bucket


def _sweeps_usd(assumptions: Assumptions, prices: PriceTable) -> float:
    sweep = prices.lambda_usd_per_request + assumptions.sweep_gb_s * prices.lambda_usd_per_gb_s
    return SWEEPS_PER_MONTH * sweep
