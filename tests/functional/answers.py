"""Holds every answer of the API against its own description."""

import json
import re
from typing import Any

import httpx
from jsonschema import Draft202012Validator

from tests.conftest import REPOSITORY

DESCRIPTION: dict[str, Any] = json.loads((REPOSITORY / "docs" / "openapi.json").read_text())
ERROR = {"$ref": "#/components/schemas/ErrorAnswer"}


def check_schema(answer: object, schema: dict[str, Any]) -> None:
    """Check an answer against a schema that may refer to the description's components."""
    whole = {**schema, "components": DESCRIPTION["components"]}
    Draft202012Validator(whole).validate(answer)


def operation(method: str, path: str) -> dict[str, Any] | None:
    """The operation that serves a request; None where the API has no such route."""
    for template, operations in DESCRIPTION["paths"].items():
        if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path):
            found: dict[str, Any] | None = operations.get(method.lower())
            return found
    return None


class AnswerCheck:
    """A response hook of httpx.

    Parameters
    ----------
    url : str
        Of the API; answers of others, the bucket's, are not looked at.
    """

    def __init__(self, url: str) -> None:
        self._url = httpx.URL(url)

    def __call__(self, response: httpx.Response) -> None:
        """Check one answer.

        Raises
        ------
        AssertionError, jsonschema.ValidationError
            If its status, its content type or its body is not as described.
        """
        request = response.request
        if request.url.netloc != self._url.netloc or request.method == "OPTIONS":
            return
        response.read()
        described = operation(request.method, request.url.path)
        if described is None:
            check_schema(response.json(), ERROR)
            return
        status = str(response.status_code)
        assert status in described["responses"], f"{request.method} {request.url.path}: {status}"
        content = described["responses"][status].get("content", {})
        if "application/json" in content:
            assert response.headers["content-type"].startswith("application/json")
            check_schema(response.json(), content["application/json"]["schema"])
