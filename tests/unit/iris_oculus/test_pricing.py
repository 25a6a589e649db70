import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st
from iris_oculus.pricing import PRICES, SOURCES, UnknownInstanceType, instance_usd, job_cost_usd

SECONDS = st.floats(0, 1e5)
TYPES = st.sampled_from(sorted(PRICES.instance_usd_per_hour))


@pytest.mark.parametrize("instance_type", PRICES.instance_usd_per_hour)
def test_an_hour_costs_the_hourly_price(instance_type: str) -> None:
    hourly = PRICES.instance_usd_per_hour[instance_type]
    assert instance_usd(instance_type, 3600) == pytest.approx(hourly)


def test_each_price_names_its_source() -> None:
    prices = {field.name for field in dataclasses.fields(PRICES)} - {"region", "checked_on"}
    assert SOURCES.keys() == prices


def test_a_job_by_hand() -> None:
    cost = job_cost_usd({"loading": 10, "segmenting": 50}, "ml.g6.xlarge", 360)
    assert cost.usd == pytest.approx(1.127 / 60)
    assert cost.cold_start_usd == pytest.approx(0.1127)


@given(TYPES, st.dictionaries(st.text(max_size=8), SECONDS, max_size=6), SECONDS)
def test_time_is_money(
    instance_type: str, timings_s: dict[str, float], cold_start_s: float
) -> None:
    cost = job_cost_usd(timings_s, instance_type, cold_start_s)
    together = instance_usd(instance_type, sum(timings_s.values()) + cold_start_s)
    assert cost.usd + cost.cold_start_usd == pytest.approx(together)
    assert cost.usd >= 0
    assert cost.cold_start_usd >= 0


def test_an_unknown_instance_is_not_guessed() -> None:
    with pytest.raises(UnknownInstanceType, match=r"ml\.p99\.huge"):
        job_cost_usd({}, "ml.p99.huge")
