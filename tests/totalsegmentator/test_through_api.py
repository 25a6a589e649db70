"""The whole way, through the public API: the stack's container runs the real TotalSegmentator."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nibabel as nib
import numpy as np
import numpy.typing as npt
import pytest

from local_stack.client import ApiClient, ProcessOptions
from local_stack.phantom import Phantom, PhantomOptions, make_torso
from tests.running_stack import RunningApp
from tests.totalsegmentator.conftest import ANOTHER_UNSEEN_SEED, WEIGHTS
from tests.totalsegmentator.test_engine import TEN_STRUCTURES, VALUES, dice

pytestmark = pytest.mark.totalsegmentator

JOB_TIMEOUT_S = 900
# Nothing listens there: what does not stay on this machine fails.
NO_PROXY_HERE = "http://127.0.0.1:9"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiClient]:
    folder = tmp_path_factory.mktemp("stack")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TOTALSEG_WEIGHTS_PATH", str(WEIGHTS))
        patch.setenv("ALLOW_WEIGHTS_DOWNLOAD", "false")
        patch.setenv("TOTALSEG_HOME_DIR", str(folder / "totalsegmentator"))
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
            patch.setenv(name, NO_PROXY_HERE)
        for name in ("NO_PROXY", "no_proxy"):
            patch.setenv(name, "127.0.0.1,localhost")
        app = RunningApp(folder / "data", engine="totalsegmentator")
        app.start()
        try:
            with app.client() as client:
                yield client
        finally:
            app.stop()


@pytest.fixture(scope="module")
def phantom() -> Phantom:
    return make_torso(PhantomOptions(seed=ANOTHER_UNSEEN_SEED, z_low_mm=-200, z_high_mm=190))


@pytest.fixture(scope="module")
def job(client: ApiClient, phantom: Phantom, tmp_path_factory: pytest.TempPathFactory) -> Any:
    scan = tmp_path_factory.mktemp("scan") / "phantom.nii.gz"
    nib.save(nib.Nifti1Image(phantom.volume.voxels, phantom.volume.affine_ras_mm), scan)
    job_id = client.upload_presigned(scan)
    client.process(job_id, ProcessOptions(device="gpu", fast=True, formats=["glb"]))
    return client.wait(job_id, timeout_s=JOB_TIMEOUT_S)


@pytest.fixture(scope="module")
def results(client: ApiClient, job: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    assert job["status"] == "completed", job
    folder = tmp_path_factory.mktemp("results")
    for artifact in job["artifacts"]:
        client.download(artifact, folder)
    return folder


def read_labels(path: Path) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.float64]]:
    image: Any = nib.load(path)
    return np.asanyarray(image.dataobj).astype(np.uint8), image.affine


def test_ten_structures_come_out_of_the_api(results: Path, phantom: Phantom) -> None:
    labels, affine = read_labels(results / "segmentation.nii.gz")
    np.testing.assert_allclose(affine, phantom.volume.affine_ras_mm, atol=1e-3)
    truth = phantom.label_map.labels
    scores = {name: dice(labels == VALUES[name], truth == VALUES[name]) for name in TEN_STRUCTURES}
    assert min(scores.values()) > 0.8, scores


def test_the_job_names_the_engine_and_its_limits(job: Any) -> None:
    assert job["engine"]["name"] == "totalsegmentator"
    assert job["engine"]["version"] == "2.18.0"
    assert job["engine"]["limits"].startswith("NOT FOR PATIENTS")
    assert "gpu_missing" in {warning["code"] for warning in job["warnings"]}


def test_the_manifest_names_the_engine_and_the_weights(results: Path) -> None:
    manifest = (results / "manifest.json").read_text()
    assert '"totalsegmentator"' in manifest
    assert "Dataset297_TotalSegmentator_total_3mm_1559subj/fold_0 sha256:" in manifest
    assert "NOT FOR PATIENTS" in manifest


def test_weights_that_are_not_there_fail_the_job_with_their_names(
    client: ApiClient, job: Any
) -> None:
    again = client.upload_from(job["jobId"])
    client.process(again, ProcessOptions(fast=False))
    failed = client.wait(again, timeout_s=JOB_TIMEOUT_S)
    assert failed["status"] == "failed"
    assert failed["error"]["code"] == "engine_unavailable"
    assert "291" in failed["error"]["message"]
