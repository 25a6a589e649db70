"""Logs as one JSON object a line, without patient data.

Own messages are written with care: a job id, a stage, a duration, never a file name, a header
value or a URL. Messages of libraries are not (an image library quotes what it could not parse),
so of theirs only the place is logged.
"""

import json
import logging
import sys
import time
import traceback
from typing import Any, TextIO

OWN_PACKAGES = frozenset({"scan_to_mesh", "iris_oculus", "iris_imaging"})
FIELDS = ("job_id", "attempt", "stage", "seconds", "code", "engine", "port")


def describe_exception(error: BaseException) -> dict[str, Any]:
    """Class names and code locations of an exception and its causes, without their messages.

    Returns
    -------
    dict
        ``error``: class names, outermost first; ``where``: ``file:line function`` of each call,
        the one that failed last.
    """
    names: list[str] = []
    chain: BaseException | None = error
    while chain is not None:
        names.append(type(chain).__name__)
        chain = chain.__cause__ or chain.__context__
    frames = traceback.extract_tb(error.__traceback__)
    where = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    return {"error": " < ".join(names), "where": where}


class JsonLines(logging.Formatter):
    """Formats a record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """The record's level, message, exception, and the fields that were passed as ``extra``."""
        own = record.name.partition(".")[0] in OWN_PACKAGES
        line: dict[str, Any] = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
            + f".{int(record.msecs):03d}Z",
            "level": record.levelname,
            "message": record.getMessage()
            if own
            else f"{record.name} logged something at {record.filename}:{record.lineno}",
        }
        for name in FIELDS:
            if hasattr(record, name):
                line[name] = getattr(record, name)
        if record.exc_info and record.exc_info[1] is not None:
            line.update(describe_exception(record.exc_info[1]))
        return json.dumps(line)


def configure_logs(stream: TextIO | None = None) -> None:
    """Send this process's logs, and its warnings, to a stream as lines of JSON.

    Parameters
    ----------
    stream : text stream, optional
        Standard output when left out: the platform collects it.
    """
    handler = logging.StreamHandler(stream or sys.stdout)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    for package in OWN_PACKAGES:
        logging.getLogger(package).setLevel(logging.INFO)
    logging.captureWarnings(capture=True)
