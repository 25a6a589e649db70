"""Says who calls, for every route; whether sign-in is required is a setting."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext
from iris_oculus import wiring
from iris_oculus.errors import Unauthorized
from iris_oculus.lambda_log import logger


def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Answer a REST API's REQUEST authorizer event with a policy and the caller's subject.

    Raises
    ------
    Exception
        With the text ``Unauthorized``: API Gateway's way to have 401 answered (Amazon API Gateway
        developer guide, "Output from an API Gateway Lambda authorizer").
    """
    try:
        subject = wiring.sign_in().subject(_authorization(event))
    except Unauthorized as error:
        logger().info("refused", extra={"error_code": error.code})
        raise Exception("Unauthorized") from error  # noqa: TRY002 -- the text is the protocol
    return {
        "principalId": subject or "anonymous",
        "policyDocument": {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Action": "execute-api:Invoke",
                    "Effect": "Allow",
                    "Resource": event["methodArn"],
                }
            ],
        },
        "context": {"subject": subject} if subject else {},
    }


def _authorization(event: dict[str, Any]) -> str | None:
    headers = event.get("headers") or {}
    return next((value for name, value in headers.items() if name.lower() == "authorization"), None)
