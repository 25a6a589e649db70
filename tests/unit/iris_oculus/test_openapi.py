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
