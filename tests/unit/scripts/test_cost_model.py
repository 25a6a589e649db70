from dataclasses import fields

import pytest
from iris_oculus.pricing import PRICES, UnknownInstanceType

from scripts.operations.cost_model import (
    Assumptions,
    Month,
    Workload,
    instances_for,
    monthly_bill,
)
from scripts.operations.simulation import Scaling, Span


def test_the_bill_is_the_sum_of_its_parts() -> None:
    month = monthly_bill(Workload(300, batch=10))
    parts = ("work", "cold_start", "idle", "storage", "requests", "transfer")
    known = {field.name for field in fields(Month)}
    assert known == {*parts, "scans", "median_wait_s", "p95_wait_s"}
    assert month.total == pytest.approx(sum(getattr(month, part) for part in parts))


def test_idle_pays_for_storage_and_the_janitor_only() -> None:
    month = monthly_bill(Workload(0))
    assert month.gpu == 0
    assert month.storage == pytest.approx(8 * PRICES.ecr_usd_per_gb_month)
    assert month.total < 1


def test_work_is_proportional_to_scans_and_known_in_advance() -> None:
    assumptions = Assumptions(service=Span(60, 60, 60))
    month = monthly_bill(Workload(500), assumptions)
    assert month.work == pytest.approx(500 * 60 * 1.127 / 3600)


def test_a_fast_scan_in_a_warm_batch_is_below_five_cents() -> None:
    month = monthly_bill(Workload(1000, batch=25))
    assert month.gpu / month.scans < 0.05


def test_a_month_that_is_cut_short_is_scaled_up() -> None:
    workload = Workload(1_000_000, scaling=Scaling(max_instances=40))
    month = monthly_bill(workload, Assumptions(service=Span(60, 60, 60)))
    assert month.work == pytest.approx(1_000_000 * 60 * 1.127 / 3600)


def test_instances_that_keep_up() -> None:
    minute = Assumptions(service=Span(60, 60, 60))
    assert instances_for(1, minute) == 1
    assert instances_for(1440, minute, load=1) == 1
    assert instances_for(1441, minute, load=1) == 2


def test_an_instance_without_a_price() -> None:
    with pytest.raises(UnknownInstanceType):
        monthly_bill(Workload(10), Assumptions(instance_type="ml.p99.huge"))
