"""The API's description, OpenAPI 3.1, made from the contracts.

``docs/openapi.json`` is :func:`document` as committed; a test fails when they differ.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from iris_oculus import contracts, errors
from iris_oculus.lambda_http import status_of

REFERENCE = "#/components/schemas/{model}"


@dataclass(frozen=True)
class Operation:
    """One route.

    Attributes
    ----------
    method, path : str
    summary : str
    answer : type of BaseModel, or None
        None where the answer is a file.
    request : type of BaseModel, or None
    query : tuple of str
        Names of the query parameters.
    raises : tuple of error types
        What it may refuse with, beside a malformed request.
    """

    method: str
    path: str
    summary: str
    answer: type[BaseModel] | None
    request: type[BaseModel] | None = None
    query: tuple[str, ...] = ()
    raises: tuple[type[errors.IrisOculusError], ...] = ()


_JOB = (errors.JobNotYours, errors.JobNotFound, errors.JobDeleted)

OPERATIONS = (
    Operation(
        "post",
        "/upload",
        "Make a job: send the scan inline, get presigned URLs for it, or use another job's",
        contracts.UploadAnswer,
        contracts.UploadRequest,
        raises=(*_JOB, errors.NotUploaded, errors.ScanNotFound, errors.FileTooLarge),
    ),
    Operation(
        "get",
        "/upload/{jobId}",
        "List the parts that arrived",
        contracts.UploadStateAnswer,
        query=("userId",),
        raises=(*_JOB, errors.JobConflict),
    ),
    Operation(
        "post",
        "/upload/{jobId}/parts",
        "Sign a batch of part URLs",
        contracts.PartsAnswer,
        contracts.PartsRequest,
        query=("userId",),
        raises=(*_JOB, errors.JobConflict),
    ),
    Operation(
        "post",
        "/upload/{jobId}/complete",
        "Say that all of the scan was sent",
        contracts.StatusAnswer,
        contracts.CompleteRequest,
        query=("userId",),
        raises=(*_JOB, errors.ScanNotFound, errors.PartsMissing),
    ),
    Operation(
        "post",
        "/process/totalseg",
        "Segment the scan and make meshes of what is found",
        contracts.StatusAnswer,
        contracts.ProcessRequest,
        raises=(*_JOB, errors.NotUploaded, errors.AlreadyProcessed, errors.EndpointStopped),
    ),
    Operation(
        "get",
        "/jobs",
        "List jobs, newest first",
        contracts.JobsAnswer,
        query=("userId", "limit", "cursor"),
    ),
    Operation(
        "get",
        "/jobs/{jobId}",
        "State, progress, report and artifacts of a job",
        contracts.JobAnswer,
        query=("userId",),
        raises=_JOB,
    ),
    Operation(
        "delete",
        "/jobs/{jobId}",
        "Delete everything of a job",
        contracts.DeleteAnswer,
        query=("userId",),
        raises=_JOB,
    ),
    Operation(
        "post",
        "/jobs/{jobId}/cancel",
        "Stop a processing job",
        contracts.StatusAnswer,
        query=("userId",),
        raises=(*_JOB, errors.JobConflict),
    ),
    Operation(
        "get",
        "/files/{jobId}/{filename}",
        "An artifact itself, or a redirect to it where it is large",
        None,
        query=("userId",),
        raises=(*_JOB, errors.FileNotFound),
    ),
    Operation("get", "/tasks", "Segmentation tasks and their structures", contracts.TasksAnswer),
    Operation("get", "/openapi.json", "This description", None),
    Operation("get", "/healthz", "Whether the API is up", contracts.HealthAnswer),
)


@cache
def document() -> dict[str, Any]:
    """The OpenAPI 3.1 document."""
    answers = {operation.answer for operation in OPERATIONS if operation.answer is not None}
    requests = {operation.request for operation in OPERATIONS if operation.request is not None}
    answers |= {contracts.ErrorAnswer, contracts.PresignedUploadAnswer}
    _, schemas = models_json_schema(
        sorted(
            [(model, "serialization") for model in answers]
            + [(model, "validation") for model in requests],
            key=lambda entry: entry[0].__name__,
        ),
        ref_template=REFERENCE,
    )
    paths: dict[str, dict[str, Any]] = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, {})[operation.method] = _operation(operation)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "IRIS Oculus",
            "version": "1.0.0",
            "description": "A CT goes in; organs come out as meshes, volumes and a label map. "
            "Not a medical device.",
        },
        "servers": [
            {"url": "https://api.iris-oculus.com"},
            {"url": "http://localhost:8000", "description": "The local stack"},
        ],
        "paths": paths,
        "components": {
            "schemas": schemas["$defs"],
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
            },
        },
        "security": [{}, {"token": []}],
    }


def _operation(operation: Operation) -> dict[str, Any]:
    described: dict[str, Any] = {
        "summary": operation.summary,
        "operationId": _operation_id(operation),
        "responses": {"200": _success(operation), **_refusals(operation)},
    }
    parameters = _parameters(operation)
    if parameters:
        described["parameters"] = parameters
    if operation.request is not None:
        described["requestBody"] = {
            "required": operation.request is not contracts.CompleteRequest,
            "content": _json_content(operation.request),
        }
    if operation.path.startswith("/files/"):
        described["responses"]["302"] = {
            "description": "Where the artifact lies: a presigned URL",
            "headers": {"Location": {"schema": {"type": "string", "format": "uri"}}},
        }
    return described


def _operation_id(operation: Operation) -> str:
    words = operation.path.replace("{", "").replace("}", "").replace(".", "/").split("/")
    return operation.method + "".join(word[:1].upper() + word[1:] for word in words)


def _parameters(operation: Operation) -> list[dict[str, Any]]:
    in_path = [part[1:-1] for part in operation.path.split("/") if part.startswith("{")]
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in in_path
    ] + [
        {"name": name, "in": "query", "required": False, "schema": _query_schema(name)}
        for name in operation.query
    ]


def _query_schema(name: str) -> dict[str, Any]:
    if name == "limit":
        return {"type": "integer", "minimum": 1, "maximum": 100, "default": 20}
    return {"type": "string"}


def _success(operation: Operation) -> dict[str, Any]:
    if operation.path.startswith("/files/"):
        anything = {"*/*": {"schema": {"type": "string", "format": "binary"}}}
        return {"description": "The artifact's bytes", "content": anything}
    if operation.answer is None:
        anything = {"application/json": {"schema": {"type": "object"}}}
        return {"description": "This document", "content": anything}
    if operation.answer is contracts.UploadAnswer:
        models = (contracts.UploadAnswer, contracts.PresignedUploadAnswer)
        either = {"anyOf": [{"$ref": REFERENCE.format(model=m.__name__)} for m in models]}
        return {"description": "The job", "content": {"application/json": {"schema": either}}}
    return {
        "description": (operation.answer.__doc__ or "").strip().splitlines()[0],
        "content": _json_content(operation.answer),
    }


def _refusals(operation: Operation) -> dict[str, Any]:
    by_status: dict[int, list[str]] = {}
    malformed = (errors.BadRequest,) if operation.request or operation.query else ()
    for error in (*malformed, *operation.raises, errors.Unauthorized, errors.IrisOculusError):
        by_status.setdefault(status_of(error), []).append(error.code)
    return {
        str(status): {
            "description": f"Error: {', '.join(codes)}",
            "content": _json_content(contracts.ErrorAnswer),
        }
        for status, codes in sorted(by_status.items())
    }


def _json_content(model: type[BaseModel]) -> dict[str, Any]:
    return {"application/json": {"schema": {"$ref": REFERENCE.format(model=model.__name__)}}}
