"""That we know beforehand which models TotalSegmentator is going to load."""

from itertools import product
from pathlib import Path
from typing import Any

import nibabel as nib
import numpy as np
import pytest
from iris_oculus.structures import Task, catalogue
from scan_to_mesh.segmenters.totalsegmentator.models import required_models
from scan_to_mesh.segmenters.totalsegmentator.package_call import device_handed_on
from scan_to_mesh.segmenters.totalsegmentator.runtime import Deployment, inside

pytestmark = [pytest.mark.totalsegmentator, pytest.mark.usefixtures("offline")]

CASES = [
    pytest.param(task, fast, subset, id=f"{task.name}-{fast=}-{subset=}")
    for task, fast, subset in product(
        catalogue("totalsegmentator").values(), (False, True), (False, True)
    )
    if (not fast or task.has_fast) and (not subset or task.name.startswith("total"))
]


@pytest.fixture
def licensed(tmp_path: Path) -> Deployment:
    return Deployment.from_environment(
        {
            "TOTALSEG_HOME_DIR": str(tmp_path),
            "TOTALSEG_LICENSE_NUMBER": "aca_0123456789abcd",
        }
    )


@pytest.mark.parametrize(("task", "fast", "subset"), CASES)
def test_the_models_are_those_that_the_package_asks_for(
    monkeypatch: pytest.MonkeyPatch, licensed: Deployment, task: Task, fast: bool, subset: bool
) -> None:
    import totalsegmentator.nnunet
    import totalsegmentator.python_api

    fetched: list[int] = []
    loaded: list[tuple[int, str]] = []
    image = nib.Nifti1Image(np.ones((8, 8, 8), np.uint8), np.eye(4))

    def predict(_image: object, _output: object, task_id: Any, **options: Any) -> tuple[Any, ...]:
        for dataset_id in task_id if isinstance(task_id, list) else [task_id]:
            plans = options.get("plans", "nnUNetPlans")
            loaded.append((dataset_id, f"{options['trainer']}__{plans}__{options['model']}"))
        return image, image, None

    monkeypatch.setattr(totalsegmentator.python_api, "download_pretrained_weights", fetched.append)
    monkeypatch.setattr(totalsegmentator.nnunet, "nnUNet_predict_image", predict)
    roi_subset = [task.structures[0].name] if subset else None
    with inside(licensed), device_handed_on():
        totalsegmentator.python_api.totalsegmentator(
            image, None, ml=True, task=task.name, fast=fast, roi_subset=roi_subset, device="cpu"
        )
        models = required_models(task.name, fast=fast, with_subset=subset)

    assert {model.dataset_id for model in models} == set(fetched)
    assert {(model.dataset_id, model.variant) for model in models} == set(loaded)
    assert len(models) == len(loaded)
