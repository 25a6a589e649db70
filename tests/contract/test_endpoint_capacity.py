"""The endpoint's control plane: in memory, on moto, and the laptop's."""

import pytest
from iris_oculus.ports import EndpointCapacity


def test_an_endpoint_of_one_instance(capacity: EndpointCapacity) -> None:
    found = capacity.read()
    assert found is not None
    assert found.variants == ("AllTraffic",)
    assert (found.instances, found.running) == (1, 1)
    assert found.in_service
    assert found.takes_requests
    assert found.changed_at > 1_700_000_000


def test_no_endpoint(no_capacity: EndpointCapacity) -> None:
    assert no_capacity.read() is None


def test_released_instances_are_gone(
    capacity: EndpointCapacity, request: pytest.FixtureRequest
) -> None:
    if "bridge" in request.node.callspec.id:
        pytest.skip("a laptop has no instances to let go")
    before = capacity.read()
    assert before is not None
    capacity.release(before)
    after = capacity.read()
    assert after is not None
    assert after.takes_requests
    assert after.variants == before.variants
    assert after.instances in {0, before.instances}, "at once, or once they have ended"
