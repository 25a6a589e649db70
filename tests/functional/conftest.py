"""The whole local stack, once for all tests: its own process, its own data folder."""

from collections.abc import Iterator

import pytest

from local_stack.client import ApiClient
from local_stack.emulator import INTERPRETER
from tests.running_stack import RunningApp


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningApp]:
    """The running stack. Tests that stop or kill it make a :class:`RunningApp` of their own."""
    if not INTERPRETER.exists():
        pytest.skip("the emulator's environment is not installed: run `make setup`")
    running = RunningApp(tmp_path_factory.mktemp("stack"))
    running.start()
    yield running
    assert running.stop() == 0


@pytest.fixture
def api(app: RunningApp) -> Iterator[ApiClient]:
    """A client of the running stack."""
    with app.client() as client:
        yield client
