"""The job table in DynamoDB."""

import base64
import binascii
import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import islice
from typing import TYPE_CHECKING, Any

from boto3.dynamodb.conditions import Attr, ConditionBase, Key
from botocore.exceptions import ClientError
from pydantic import TypeAdapter

from iris_oculus.job import Job, JobStatus, Progress
from iris_oculus.ports import ConditionFailed, JobPage

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

BY_OWNER = "by-owner"
BY_STATUS = "by-status"
_JOB = TypeAdapter(Job)
_PROGRESS = TypeAdapter(Progress)


class DynamoJobStore:
    """Jobs, one item each; see :class:`iris_oculus.ports.JobStore`.

    Parameters
    ----------
    table : Table
        Key ``job_id``; indexes ``by-owner`` (owner, created_at) and ``by-status``
        (status, updated_at).
    """

    def __init__(self, table: "Table") -> None:
        self._table = table

    def create(self, job: Job) -> None:
        self._put(job, Attr("job_id").not_exists())

    def get(self, job_id: str) -> Job | None:
        item = self._table.get_item(Key={"job_id": job_id}, ConsistentRead=True).get("Item")
        return None if item is None else _job(item)

    def replace(self, job: Job, *, expected: Job) -> None:
        unchanged = (
            Attr("status").eq(expected.status.value)
            & Attr("attempt").eq(expected.attempt)
            & Attr("updated_at").eq(_number(expected.updated_at))
        )
        self._put(job, unchanged)

    def report(
        self, job_id: str, *, attempt: int, now: float, progress: Progress | None = None
    ) -> None:
        names = {"#heartbeat": "heartbeat_at"}
        values: dict[str, Any] = {":now": _number(now)}
        update = "SET #heartbeat = :now"
        if progress is not None:
            names["#progress"] = "progress"
            values[":progress"] = _to_item(_PROGRESS.dump_python(progress, mode="json"))
            update += ", #progress = :progress"
        names |= {"#status": "status", "#attempt": "attempt"}
        values |= {":processing": JobStatus.PROCESSING.value, ":attempt": attempt}
        with _ConditionErrors():
            self._table.update_item(
                Key={"job_id": job_id},
                UpdateExpression=update,
                ConditionExpression="#status = :processing AND #attempt = :attempt",
                ExpressionAttributeNames=names,
                ExpressionAttributeValues=values,
            )

    def list_by_owner(self, owner: str, *, limit: int, cursor: str | None = None) -> JobPage:
        found: list[Job] = []
        start: Mapping[str, Any] | None = _decode_cursor(cursor) if cursor else None
        while True:
            answer = self._table.query(
                IndexName=BY_OWNER,
                KeyConditionExpression=Key("owner").eq(owner),
                ScanIndexForward=False,
                Limit=limit - len(found),
                **_after(start),
            )
            found += [job for job in map(_job, answer["Items"]) if not _is_deleted(job)]
            start = answer.get("LastEvaluatedKey")
            if start is None or len(found) >= limit:
                return JobPage(tuple(found), _encode_cursor(start) if start else None)

    def with_status(
        self,
        status: JobStatus,
        *,
        updated_since: float | None = None,
        newest_first: bool = False,
        limit: int | None = None,
    ) -> Iterator[Job]:
        found = self._query_status(
            status, updated_since=updated_since, newest_first=newest_first, limit=limit
        )
        # It stops at the last one wanted, so that no page after it is asked for.
        return islice(found, limit)

    def _query_status(
        self,
        status: JobStatus,
        *,
        updated_since: float | None,
        newest_first: bool,
        limit: int | None,
    ) -> Iterator[Job]:
        page_size: dict[str, Any] = {} if limit is None else {"Limit": limit}
        wanted: ConditionBase = Key("status").eq(status.value)
        if updated_since is not None:
            wanted &= Key("updated_at").gte(_number(updated_since))
        start: Mapping[str, Any] | None = None
        while True:
            answer = self._table.query(
                IndexName=BY_STATUS,
                KeyConditionExpression=wanted,
                ScanIndexForward=not newest_first,
                **page_size,
                **_after(start),
            )
            yield from map(_job, answer["Items"])
            start = answer.get("LastEvaluatedKey")
            if start is None:
                return

    def _put(self, job: Job, condition: ConditionBase) -> None:
        item = _to_item(_JOB.dump_python(job, mode="json"))
        with _ConditionErrors():
            self._table.put_item(Item=item, ConditionExpression=condition)


class _ConditionErrors:
    """Turn the service's answer to a failed condition into the port's error."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if (
            isinstance(error, ClientError)
            and error.response["Error"]["Code"] == "ConditionalCheckFailedException"
        ):
            raise ConditionFailed from error


def _is_deleted(job: Job) -> bool:
    return job.status is JobStatus.DELETED


def _number(value: float) -> Decimal:
    # DynamoDB refuses floats; their shortest decimal text gives the same float back.
    return Decimal(repr(value))


def _to_item(value: Any) -> Any:
    match value:
        case float():
            return _number(value)
        case dict():
            return {key: _to_item(entry) for key, entry in value.items()}
        case list():
            return [_to_item(entry) for entry in value]
    return value


def _from_item(value: Any) -> Any:
    match value:
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case dict():
            return {key: _from_item(entry) for key, entry in value.items()}
        case list():
            return [_from_item(entry) for entry in value]
    return value


def _job(item: Mapping[str, Any]) -> Job:
    return _JOB.validate_python(_from_item(dict(item)))


def _after(key: Mapping[str, Any] | None) -> dict[str, Any]:
    return {} if key is None else {"ExclusiveStartKey": key}


def _encode_cursor(key: Mapping[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(_from_item(dict(key))).encode()).decode()


def _decode_cursor(cursor: str) -> dict[str, Any]:
    try:
        key = json.loads(base64.urlsafe_b64decode(cursor), parse_float=Decimal)
    except (binascii.Error, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise ValueError("this cursor is none that a listing gave") from error
    if not isinstance(key, dict) or key.keys() != {"job_id", "owner", "created_at"}:
        raise ValueError("this cursor is none that a listing gave")
    return key
