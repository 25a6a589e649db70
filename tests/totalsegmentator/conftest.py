"""TotalSegmentator itself, offline, on weights that know phantoms only."""

import socket
from pathlib import Path

import pytest
from scan_to_mesh.segmenters.totalsegmentator import TotalSegmentatorSegmenter

from local_stack.phantom import Phantom, PhantomOptions, make_torso

WEIGHTS = Path(__file__).parent / "weights"
# Training took the seeds from 0 upwards, far below these.
UNSEEN_SEED, ANOTHER_UNSEEN_SEED = 900_001, 900_002


@pytest.fixture(scope="session")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    home = tmp_path_factory.mktemp("totalsegmentator") / "made" / "on demand"
    return {"TOTALSEG_WEIGHTS_PATH": str(WEIGHTS), "TOTALSEG_HOME_DIR": str(home)}


@pytest.fixture(scope="session")
def segmenter(environment: dict[str, str]) -> TotalSegmentatorSegmenter:
    return TotalSegmentatorSegmenter(allow_download=False, environment=environment)


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse every connection but those between processes of this machine."""
    connect = socket.socket.connect

    def refuse(self: socket.socket, address: object) -> None:
        assert self.family == socket.AF_UNIX, "TotalSegmentator reached for the network"
        connect(self, address)  # type: ignore[arg-type]  # as it was given

    monkeypatch.setattr(socket.socket, "connect", refuse)


@pytest.fixture(scope="session")
def abdomen() -> Phantom:
    """A short phantom, for what needs several runs."""
    return make_torso(PhantomOptions(seed=ANOTHER_UNSEEN_SEED, z_low_mm=-110, z_high_mm=30))
