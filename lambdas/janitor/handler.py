"""Settles, on a schedule, what nobody will speak of any more, and lets idle instances go."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext
from iris_oculus import wiring
from iris_oculus.lambda_log import logger


def handler(_event: dict[str, Any], _context: LambdaContext) -> dict[str, int]:
    """Sweep the job table; answers how many jobs were settled, by what became of them.

    Retries come first: a job that is queued again needs its instance.
    """
    swept = wiring.completion().sweep()
    logger().info("swept", extra={"settled": swept})
    scale_in = wiring.scale_in()
    if scale_in is not None and scale_in.run():
        logger().info("the endpoint was idle: its instances were released")
    return swept
