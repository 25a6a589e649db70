"""Fixtures that every kind of test may use."""

from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent
SHARED_DATA = REPOSITORY.parent / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder of real CTs with reference label maps, which the project does not commit."""
    if not SHARED_DATA.is_dir():
        pytest.skip("the real CTs are not here: no folder ../shared/data beside the checkout")
    return SHARED_DATA
