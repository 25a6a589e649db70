"""Reading what an attempt wrote last."""

from iris_oculus.documents import Result
from iris_oculus.layout import result_key
from iris_oculus.ports import ObjectStore


def read_result(objects: ObjectStore, job_id: str, attempt: int) -> Result:
    """The result of an attempt.

    Raises
    ------
    KeyError
        If the attempt has written none.
    """
    return Result.model_validate_json(objects.read(result_key(job_id, attempt)))


def find_result(objects: ObjectStore, job_id: str, attempt: int) -> Result | None:
    """The result of an attempt, or None while it has written none."""
    try:
        return read_result(objects, job_id, attempt)
    except KeyError:
        return None
