"""GET /healthz, with the standard library alone: monitors call it, and often cold.

The framework and the models of the other routes would cost several times what the runtime itself
needs to start. Nothing is logged or counted here either: API Gateway's access log and metrics hold
every call with its status.
"""

import json
import os
from typing import Any

from iris_oculus import __version__
from iris_oculus.cors import cors_headers
from iris_oculus.errors import RouteNotFound
from iris_oculus.settings import Settings


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Say that the API is up."""
    match event["httpMethod"], event["path"]:
        case "GET", "/healthz":
            status = 200
            body = {"ok": True, "service": "iris-oculus-api", "version": __version__}
        case "OPTIONS", _:
            return _answer(event, 204, {"Access-Control-Allow-Methods": "GET,OPTIONS"}, "")
        case _:
            error = RouteNotFound("There is no such route.")
            told = {"code": error.code, "message": error.message, "hint": error.hint}
            status, body = 404, {"ok": False, "error": told}
    return _answer(event, status, {"Content-Type": "application/json"}, json.dumps(body))


def _answer(
    event: dict[str, Any], status: int, headers: dict[str, str], body: str
) -> dict[str, Any]:
    origins = Settings(os.environ).allowed_origins
    return {
        "statusCode": status,
        "headers": {**headers, **cors_headers(event.get("headers") or {}, origins)},
        "body": body,
        "isBase64Encoded": False,
    }
