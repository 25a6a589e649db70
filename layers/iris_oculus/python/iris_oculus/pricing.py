"""What things cost on AWS, and what one job's share of it is.

Prices are data of a day and a region. They leave out taxes, discounts, savings plans and free
tiers, and they change: compare ``PRICES`` with the pages that ``SOURCES`` names for each before
relying on an amount.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

SECONDS_PER_HOUR = 3600
_S3 = "https://aws.amazon.com/s3/pricing/"
_LAMBDA = "https://aws.amazon.com/lambda/pricing/"
_DYNAMODB = "https://aws.amazon.com/dynamodb/pricing/on-demand/"
SOURCES: Mapping[str, str] = MappingProxyType(
    {
        "instance_usd_per_hour": "https://aws.amazon.com/sagemaker/ai/pricing/",
        "s3_usd_per_gb_month": _S3,
        "s3_usd_per_put": _S3,
        "s3_usd_per_get": _S3,
        "lambda_usd_per_gb_s": _LAMBDA,
        "lambda_usd_per_request": _LAMBDA,
        "lambda_scratch_usd_per_gb_s": _LAMBDA,
        "dynamodb_usd_per_write": _DYNAMODB,
        "dynamodb_usd_per_read": _DYNAMODB,
        "api_usd_per_request": "https://aws.amazon.com/api-gateway/pricing/",
        "ecr_usd_per_gb_month": "https://aws.amazon.com/ecr/pricing/",
        "transfer_out_usd_per_gb": "https://aws.amazon.com/ec2/pricing/on-demand/#Data_Transfer",
    }
)
"""Where AWS states each price of :class:`PriceTable`."""


class UnknownInstanceType(Exception):
    """The price table does not know this instance type."""


@dataclass(frozen=True)
class PriceTable:
    """Prices in US dollars, first tier of each.

    Attributes
    ----------
    region : str
    checked_on : str
        Day on which the prices were looked up, ISO 8601.
    instance_usd_per_hour : mapping of str to float
        SageMaker real-time and asynchronous inference, by instance type.
    s3_usd_per_gb_month, s3_usd_per_put, s3_usd_per_get : float
        S3 Standard.
    lambda_usd_per_gb_s, lambda_usd_per_request : float
        On arm64.
    lambda_scratch_usd_per_gb_s : float
        Ephemeral storage beyond the first 512 MB.
    dynamodb_usd_per_write, dynamodb_usd_per_read : float
        On-demand request units: up to 1 KB written, up to 4 KB read consistently.
    api_usd_per_request : float
        A REST API.
    ecr_usd_per_gb_month : float
    transfer_out_usd_per_gb : float
        To the internet.
    """

    region: str
    checked_on: str
    instance_usd_per_hour: Mapping[str, float]
    s3_usd_per_gb_month: float
    s3_usd_per_put: float
    s3_usd_per_get: float
    lambda_usd_per_gb_s: float
    lambda_usd_per_request: float
    lambda_scratch_usd_per_gb_s: float
    dynamodb_usd_per_write: float
    dynamodb_usd_per_read: float
    api_usd_per_request: float
    ecr_usd_per_gb_month: float
    transfer_out_usd_per_gb: float


PRICES = PriceTable(
    region="us-east-1",
    checked_on="2026-11-22",
    instance_usd_per_hour=MappingProxyType(
        {
            "ml.g4dn.xlarge": 0.736,
            "ml.g5.xlarge": 1.408,
            "ml.g5.2xlarge": 1.515,
            "ml.g6.xlarge": 1.127,
            "ml.g6.2xlarge": 1.222,
        }
    ),
    s3_usd_per_gb_month=0.023,
    s3_usd_per_put=0.005 / 1000,
    s3_usd_per_get=0.0004 / 1000,
    lambda_usd_per_gb_s=0.0000133334,
    lambda_usd_per_request=0.20 / 1e6,
    lambda_scratch_usd_per_gb_s=0.0000000309,
    dynamodb_usd_per_write=0.625 / 1e6,
    dynamodb_usd_per_read=0.125 / 1e6,
    api_usd_per_request=3.50 / 1e6,
    ecr_usd_per_gb_month=0.10,
    transfer_out_usd_per_gb=0.09,
)


@dataclass(frozen=True)
class JobCost:
    """One job's share of its instance, US dollars.

    Attributes
    ----------
    usd : float
        For the time that the container worked on the job.
    cold_start_usd : float
        For the time that the job waited while an instance was started for it; not in ``usd``.
    """

    usd: float
    cold_start_usd: float


def instance_usd(instance_type: str, seconds: float, *, prices: PriceTable = PRICES) -> float:
    """Price of an instance for some seconds: SageMaker bills by the second.

    Raises
    ------
    UnknownInstanceType
        If the table has no price for it.
    """
    try:
        hourly = prices.instance_usd_per_hour[instance_type]
    except KeyError:
        raise UnknownInstanceType(instance_type) from None
    return hourly * seconds / SECONDS_PER_HOUR


def job_cost_usd(
    timings_s: Mapping[str, float],
    instance_type: str,
    cold_start_s: float = 0.0,
    *,
    prices: PriceTable = PRICES,
) -> JobCost:
    """One job's cost from its measured times.

    Only the instance is counted. Storage, requests and the time that an instance stays warm for
    nobody belong to the deployment and not to one job.

    Parameters
    ----------
    timings_s : mapping of str to float
        Seconds by stage, as the container measured them; stages do not overlap.
    instance_type : str
        SageMaker's name: ``ml.g6.xlarge``.
    cold_start_s : float
        Seconds that the job waited for its instance to start.

    Raises
    ------
    UnknownInstanceType
        If the table has no price for it.
    """
    return JobCost(
        instance_usd(instance_type, sum(timings_s.values()), prices=prices),
        instance_usd(instance_type, cold_start_s, prices=prices),
    )
