import subprocess
import sys

from iris_oculus.openapi import document
from openapi_spec_validator import validate

from tests.conftest import REPOSITORY


def test_the_description_is_valid_openapi_3_1() -> None:
    assert document()["openapi"].startswith("3.1")
    validate(document())


def test_the_committed_description_and_schema_are_the_codes_own() -> None:
    script = REPOSITORY / "scripts" / "generate_openapi.py"
    done = subprocess.run([sys.executable, script, "--check"], capture_output=True, text=True)
    assert done.returncode == 0, f"run scripts/generate_openapi.py: {done.stdout}{done.stderr}"


def test_refusals_stand_under_their_own_status() -> None:
    statuses = {
        path: set(operations["get" if "get" in operations else "post"]["responses"])
        for path, operations in document()["paths"].items()
    }

    assert statuses["/jobs/{jobId}"] == {"200", "400", "401", "403", "404", "410", "500"}
    assert statuses["/upload"] == {"200", "400", "401", "403", "404", "409", "410", "413", "500"}
    assert "503" in statuses["/process/totalseg"]
    assert statuses["/healthz"] == {"200", "401", "500"}
