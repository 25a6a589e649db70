"""Settles, on a schedule, what nobody will speak of any more."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext
from iris_oculus import wiring
from iris_oculus.lambda_http import logger


def handler(_event: dict[str, Any], _context: LambdaContext) -> dict[str, int]:
    """Sweep the job table; answers how many jobs were settled, by what became of them."""
    swept = wiring.completion().sweep()
    logger().info("swept", extra={"settled": swept})
    return swept
