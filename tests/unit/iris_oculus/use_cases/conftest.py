import pytest

from tests.unit.iris_oculus.use_cases.system import System


@pytest.fixture
def system() -> System:
    return System()
