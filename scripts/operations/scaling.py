"""Scaling the endpoint out: from zero instances when a job waits, and on when many do.

The policies scale out only. SageMaker protects no instance that is at work from a scale-in, so the
janitor, which knows the job table, is what takes the capacity back to zero.
"""

from scripts.operations.endpoint_documents import VARIANT
from scripts.operations.operation import Operation

MIN_CAPACITY = 0
BACKLOG_PER_INSTANCE = 5
"""Jobs for each instance, the one at work included, beyond which another is started."""
COOLDOWN_S = 600
"""A cold start takes up to ten minutes; a second step within it would do nothing."""


def ensure_scaling(operation: Operation, max_instances: int) -> None:
    """Register the target, the policies and the waking alarm; repeating is harmless.

    Parameters
    ----------
    operation : Operation
    max_instances : int
        With one, waking is all there is to do: no second policy, and no alarm of it to pay for.
    """
    name = operation.deployment.endpoint_name
    what = f"scale {name} from {MIN_CAPACITY} to {max_instances} instance(s) when jobs wait"
    if not operation.terminal.change(what):
        return
    client = operation.cloud.scaling
    client.register_scalable_target(
        ServiceNamespace="sagemaker",
        ResourceId=_resource(operation),
        ScalableDimension="sagemaker:variant:DesiredInstanceCount",
        MinCapacity=MIN_CAPACITY,
        MaxCapacity=max_instances,
    )
    _ensure_waking(operation)
    if max_instances > 1:
        _ensure_more_for_a_backlog(operation)
    else:
        _remove_more_for_a_backlog(operation)


def _ensure_waking(operation: Operation) -> None:
    policy = operation.cloud.scaling.put_scaling_policy(
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
        Dimensions=[{"Name": "EndpointName", "Value": operation.deployment.endpoint_name}],
        Statistic="Average",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanOrEqualToThreshold",
        TreatMissingData="notBreaching",
        AlarmActions=[policy["PolicyARN"]],
    )


def _ensure_more_for_a_backlog(operation: Operation) -> None:
    name = operation.deployment.endpoint_name
    operation.cloud.scaling.put_scaling_policy(
        PolicyName=_backlog_policy(operation),
        ServiceNamespace="sagemaker",
        ResourceId=_resource(operation),
        ScalableDimension="sagemaker:variant:DesiredInstanceCount",
        PolicyType="TargetTrackingScaling",
        TargetTrackingScalingPolicyConfiguration={
            "TargetValue": BACKLOG_PER_INSTANCE,
            "CustomizedMetricSpecification": {
                "MetricName": "ApproximateBacklogSizePerInstance",
                "Namespace": "AWS/SageMaker",
                "Dimensions": [{"Name": "EndpointName", "Value": name}],
                "Statistic": "Average",
            },
            "ScaleOutCooldown": COOLDOWN_S,
            "DisableScaleIn": True,
        },
    )


def _remove_more_for_a_backlog(operation: Operation) -> None:
    client = operation.cloud.scaling
    policies = client.describe_scaling_policies(
        ServiceNamespace="sagemaker", ResourceId=_resource(operation)
    )["ScalingPolicies"]
    if any(policy["PolicyName"] == _backlog_policy(operation) for policy in policies):
        client.delete_scaling_policy(
            PolicyName=_backlog_policy(operation),
            ServiceNamespace="sagemaker",
            ResourceId=_resource(operation),
            ScalableDimension="sagemaker:variant:DesiredInstanceCount",
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


def _backlog_policy(operation: Operation) -> str:
    return f"{operation.deployment.endpoint_name}-backlog"
