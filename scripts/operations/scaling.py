"""Waking the endpoint: from zero instances to one when a job waits.

The policy scales out only. SageMaker protects no instance that is at work from a scale-in, so the
janitor, which knows the job table, is what takes the capacity back to zero.
"""

from scripts.operations.endpoint_documents import VARIANT
from scripts.operations.operation import Operation

MIN_CAPACITY = 0
MAX_CAPACITY = 1
COOLDOWN_S = 600
"""A cold start takes up to ten minutes; a second step within it would do nothing."""


def ensure_scaling(operation: Operation) -> None:
    """Register the target, the step policy and the alarm that fires it; repeating is harmless."""
    name = operation.deployment.endpoint_name
    what = f"scale {name} from {MIN_CAPACITY} to {MAX_CAPACITY} instances when a job waits"
    if not operation.terminal.change(what):
        return
    client = operation.cloud.scaling
    client.register_scalable_target(
        ServiceNamespace="sagemaker",
        ResourceId=_resource(operation),
        ScalableDimension="sagemaker:variant:DesiredInstanceCount",
        MinCapacity=MIN_CAPACITY,
        MaxCapacity=MAX_CAPACITY,
    )
    policy = client.put_scaling_policy(
        PolicyName=_name(operation),
        ServiceNamespace="sagemaker",
        ResourceId=_resource(operation),
        ScalableDimension="sagemaker:variant:DesiredInstanceCount",
        PolicyType="StepScaling",
        StepScalingPolicyConfiguration={
            "AdjustmentType": "ChangeInCapacity",
            "MetricAggregationType": "Average",
            "Cooldown": COOLDOWN_S,
            "StepAdjustments": [{"MetricIntervalLowerBound": 0, "ScalingAdjustment": 1}],
        },
    )
    # Application Auto Scaling makes alarms for target tracking only, never for steps.
    operation.cloud.cloudwatch.put_metric_alarm(
        AlarmName=_name(operation),
        AlarmDescription="A job waits and no instance runs: start one.",
        Namespace="AWS/SageMaker",
        MetricName="HasBacklogWithoutCapacity",
        Dimensions=[{"Name": "EndpointName", "Value": name}],
        Statistic="Average",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanOrEqualToThreshold",
        TreatMissingData="notBreaching",
        AlarmActions=[policy["PolicyARN"]],
    )


def remove_scaling(operation: Operation) -> None:
    """Remove alarm, policy and target; what does not exist is left out."""
    client = operation.cloud.scaling
    cloudwatch = operation.cloud.cloudwatch
    alarm = _name(operation)
    found = cloudwatch.describe_alarms(AlarmNames=[alarm])["MetricAlarms"]
    if found and operation.terminal.change(f"delete alarm {alarm}"):
        cloudwatch.delete_alarms(AlarmNames=[alarm])
    targets = client.describe_scalable_targets(
        ServiceNamespace="sagemaker", ResourceIds=[_resource(operation)]
    )["ScalableTargets"]
    if targets and operation.terminal.change("deregister scaling"):  # its policies go with it
        client.deregister_scalable_target(
            ServiceNamespace="sagemaker",
            ResourceId=_resource(operation),
            ScalableDimension="sagemaker:variant:DesiredInstanceCount",
        )


def _resource(operation: Operation) -> str:
    return f"endpoint/{operation.deployment.endpoint_name}/variant/{VARIANT}"


def _name(operation: Operation) -> str:
    return f"{operation.deployment.endpoint_name}-wake"
