"""Holds the logger and the HTTP framework and nothing of ours: what the others are compared to."""

from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.event_handler import APIGatewayRestResolver
from aws_lambda_powertools.utilities.typing import LambdaContext

logger = Logger()
resolver = APIGatewayRestResolver()


@resolver.get("/healthz")
def healthz() -> dict[str, bool]:
    """Answer."""
    return {"ok": True}


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer one request."""
    answer: dict[str, Any] = resolver.resolve(event, context)
    return answer
