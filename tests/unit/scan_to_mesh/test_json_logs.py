import io
import json
import logging
import warnings
from collections.abc import Iterator
from typing import Any

import pytest
from scan_to_mesh.json_logs import OWN_PACKAGES, configure_logs

PATIENT = "DOE^JANE"


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    stream = io.StringIO()
    configure_logs(stream)
    yield stream
    logging.captureWarnings(capture=False)
    root.handlers = handlers
    root.setLevel(level)
    for package in OWN_PACKAGES:
        logging.getLogger(package).setLevel(logging.NOTSET)


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line_holds_the_message_and_the_fields(stream: io.StringIO) -> None:
    logging.getLogger("scan_to_mesh.pipeline").info(
        "stage ended", extra={"job_id": "abc", "stage": "meshing", "seconds": 1.5}
    )
    (line,) = lines(stream)
    assert line.pop("time").endswith("Z")
    assert line == {
        "level": "INFO",
        "message": "stage ended",
        "job_id": "abc",
        "stage": "meshing",
        "seconds": 1.5,
    }


def test_of_an_exception_only_classes_and_places_are_logged(stream: io.StringIO) -> None:
    def read_header() -> None:
        raise ValueError(PATIENT)

    try:
        try:
            read_header()
        except ValueError as error:
            raise RuntimeError(f"cannot read {PATIENT}") from error
    except RuntimeError:
        logging.getLogger("scan_to_mesh.pipeline").exception("the attempt failed")
    (line,) = lines(stream)
    assert line["error"] == "RuntimeError < ValueError"
    assert any("test_json_logs.py" in place for place in line["where"])
    assert PATIENT not in stream.getvalue()


def test_what_libraries_say_is_withheld(stream: io.StringIO) -> None:
    logging.getLogger("pydicom").warning("Invalid value for VR PN: %s", PATIENT)
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn(f"unexpected value {PATIENT}", stacklevel=1)
    assert [line["level"] for line in lines(stream)] == ["WARNING", "WARNING"]
    assert lines(stream)[0]["message"].startswith("pydicom logged something at test_json_logs.py:")
    assert PATIENT not in stream.getvalue()
