"""The boundary between third-party parsers and the rest: one kind of error, no header values."""

import errno
import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from iris_oculus.errors import IrisOculusError, UnreadableScan

_LOG = logging.getLogger(__name__)
_PARSER_LOGGERS = ("pydicom", "nibabel")
_SILENT = logging.CRITICAL + 1
# Without an errno, or "invalid argument" from a seek to a place that damaged bytes point to:
# the file's fault. Any other OSError (not found, disk full) is the machine's.
_ERRNOS_OF_DAMAGED_FILES = (None, errno.EINVAL)


@contextmanager
def _silent_parsers() -> Iterator[None]:
    """Mute pydicom and nibabel: their warnings quote header values, which may identify people."""
    loggers = [logging.getLogger(name) for name in _PARSER_LOGGERS]
    levels = [logger.level for logger in loggers]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for logger in loggers:
            logger.setLevel(_SILENT)
        try:
            yield
        finally:
            for logger, level in zip(loggers, levels, strict=True):
                logger.setLevel(level)


@contextmanager
def refusing_what_cannot_be_read() -> Iterator[None]:
    """Turn whatever a parser raises on damaged input into :class:`UnreadableScan`.

    The original exception is not chained: its text may quote the header. Its type is logged.

    Raises
    ------
    UnreadableScan
        Or the project's own error that was raised inside.
    OSError
        When the file is missing or the machine fails.
    """
    with _silent_parsers():
        try:
            yield
        except IrisOculusError:
            raise
        except MemoryError:
            raise UnreadableScan(
                "The scan is larger than the memory here.",
                hint="Crop or resample the scan, then upload it again.",
            ) from None
        except Exception as error:  # parsers raise anything on damaged bytes
            if isinstance(error, OSError) and error.errno not in _ERRNOS_OF_DAMAGED_FILES:
                raise
            _LOG.warning("a parser gave up on the scan: %s", type(error).__name__)
            raise UnreadableScan(
                "The scan is damaged: it cannot be decoded.",
                hint="Check that the file opens on your side, then export and upload it again.",
            ) from None
