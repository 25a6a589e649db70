"""Models whose validators are built late are the models that they were."""

import subprocess
import sys

import pytest
from iris_oculus import contracts, documents
from pydantic import BaseModel, ValidationError

MODELS = sorted(
    {
        kind
        for module in (contracts, documents)
        for kind in vars(module).values()
        if isinstance(kind, type) and issubclass(kind, BaseModel) and kind is not BaseModel
    },
    key=lambda kind: kind.__qualname__,
)


def test_importing_the_models_builds_none() -> None:
    script = (
        "from iris_oculus import contracts; from pydantic import BaseModel\n"
        "for kind in vars(contracts).values():\n"
        "    if isinstance(kind, type) and issubclass(kind, BaseModel) and kind is not BaseModel:\n"
        "        assert not kind.__pydantic_complete__, kind\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


@pytest.mark.parametrize("model", MODELS, ids=lambda kind: kind.__name__)
def test_every_model_can_be_built(model: type[BaseModel]) -> None:
    model.model_rebuild(raise_errors=True)
    assert model.model_json_schema()["type"] == "object"


def test_requests_and_documents_stay_frozen_and_strict_about_names() -> None:
    with pytest.raises(ValidationError, match="not permitted"):
        contracts.ProcessRequest.model_validate({"jobId": "a", "fastt": True})
    with pytest.raises(ValidationError, match="not permitted"):
        documents.WarningEntry.model_validate({"code": "a", "message": "b", "more": "c"})
    request = contracts.ProcessRequest(jobId="a")
    with pytest.raises(ValidationError, match="frozen"):
        request.jobId = "b"  # type: ignore[misc] # what is tested
