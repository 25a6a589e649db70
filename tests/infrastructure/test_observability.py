"""Dashboard, alarms and access log speak of what there is, and of nobody."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from cfnlint.decode import decode
from iris_oculus.job import JobStatus

from tests.infrastructure.conftest import REPOSITORY, Resources
from tests.infrastructure.intrinsics import resolve

FREE_ALARMS = 10
FREE_METRICS_OF_A_DASHBOARD = 50
"""What an account has free of charge (Amazon CloudWatch pricing, "Free tier")."""
LOGS = {
    "CompletionLogGroupName": "lambdas/completion/handler.py",
    "JanitorLogGroupName": "lambdas/janitor/handler.py",
    "EndpointLogGroupName": "sagemaker/scan_to_mesh/pipeline.py",
}
NAMESPACE = {"Fn::Sub": "IrisOculus/${Stage}"}


def nested(name: str) -> dict[str, Any]:
    """A nested stack's template, its functions in the long form."""
    decoded, problems = decode(str(REPOSITORY / "infrastructure" / f"{name}.yaml"))
    assert not problems
    plain: dict[str, Any] = json.loads(json.dumps(decoded))
    return plain


@pytest.fixture(scope="module")
def resources() -> Resources:
    found: Resources = nested("observability")["Resources"]
    return found


def of_type(resources: Resources, kind: str) -> dict[str, dict[str, Any]]:
    return {
        name: resource["Properties"]
        for name, resource in resources.items()
        if resource["Type"] == kind
    }


@pytest.fixture(scope="module")
def widgets(resources: Resources) -> list[dict[str, Any]]:
    text = resources["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"]
    body = json.loads(re.sub(r"\$\{([^}]+)\}", "1", text))
    return [widget["properties"] for widget in body["widgets"]]


@pytest.mark.parametrize("name", ["custom_domain", "image_build", "observability"])
def test_every_nested_stack_gets_the_parameters_that_it_has(
    template: dict[str, Any], name: str
) -> None:
    (stack,) = (
        resource["Properties"]
        for resource in template["Resources"].values()
        if resource["Type"] == "AWS::CloudFormation::Stack"
        and resource["Properties"]["TemplateURL"] == f"infrastructure/{name}.yaml"
    )
    assert stack["Parameters"].keys() == nested(name)["Parameters"].keys()


def test_every_alarm_reaches_the_topic(resources: Resources) -> None:
    alarms = of_type(resources, "AWS::CloudWatch::Alarm")
    assert len(alarms) <= FREE_ALARMS
    for alarm in alarms.values():
        assert alarm["AlarmActions"] == [{"Ref": "AlarmTopic"}]
        assert alarm["AlarmDescription"]


def test_a_silent_janitor_alone_is_alarming(resources: Resources) -> None:
    missing = {
        name: alarm["TreatMissingData"]
        for name, alarm in of_type(resources, "AWS::CloudWatch::Alarm").items()
    }
    assert missing.pop("JanitorAlarm") == "breaching"
    assert set(missing.values()) == {"notBreaching"}


def test_alarms_of_our_own_metrics_have_metrics(resources: Resources) -> None:
    made = {
        transformation["MetricName"]
        for metric_filter in of_type(resources, "AWS::Logs::MetricFilter").values()
        for transformation in metric_filter["MetricTransformations"]
        if transformation["MetricNamespace"] == NAMESPACE
    }
    watched = {
        alarm["MetricName"]
        for alarm in of_type(resources, "AWS::CloudWatch::Alarm").values()
        if alarm["Namespace"] == NAMESPACE
    }
    assert watched == {"FailedJobs", "StuckJobs", "Sweeps"}
    assert watched <= made


def test_metrics_are_made_of_messages_that_the_code_logs(resources: Resources) -> None:
    for metric_filter in of_type(resources, "AWS::Logs::MetricFilter").values():
        source = Path(REPOSITORY / LOGS[metric_filter["LogGroupName"]["Ref"]]).read_text()
        pattern = metric_filter["FilterPattern"]
        (message,) = re.findall(r'\$\.message = "([^"]+)"', pattern)
        assert f'"{message}"' in source
        for field in re.findall(r"\$\.(\w+)", pattern):
            assert field == "message" or f'"{field}"' in source
        for status in re.findall(r'\$\.status = "(\w+)"|\$\.settled\.(\w+)', pattern):
            assert "".join(status) in set(JobStatus)


@pytest.mark.parametrize("stage", ["prod", "dev"])
def test_functions_count_in_the_namespace_of_the_stage_s_other_metrics(
    functions: Resources, stage: str
) -> None:
    named = {
        resolve(function["Environment"]["Variables"]["POWERTOOLS_METRICS_NAMESPACE"], stage=stage)
        for function in functions.values()
    }
    assert named == {resolve(NAMESPACE, stage=stage)}


def test_an_idle_gpu_is_noticed_within_hours(resources: Resources) -> None:
    alarm = resources["IdleInstanceAlarm"]["Properties"]
    assert (alarm["Namespace"], alarm["MetricName"]) == (
        "/aws/sagemaker/Endpoints",
        "GPUUtilization",
    )
    assert alarm["Period"] * alarm["EvaluationPeriods"] == 3 * 3600


@pytest.mark.parametrize("name", ["CompletionDeadLetterQueue", "InspectDeadLetterQueue"])
def test_every_dead_letter_queue_has_an_alarm(
    template: dict[str, Any], resources: Resources, name: str
) -> None:
    given = template["Resources"]["Observability"]["Properties"]["Parameters"]
    assert given[f"{name}Name"] == {"Fn::GetAtt": [name, "QueueName"]}
    watched = [
        dimension["Value"]["Ref"]
        for alarm in of_type(resources, "AWS::CloudWatch::Alarm").values()
        for dimension in alarm.get("Dimensions", [])
        if dimension["Name"] == "QueueName"
    ]
    assert f"{name}Name" in watched


def test_the_dashboard_shows_every_function_and_stays_free(
    resources: Resources, functions: Resources, widgets: list[dict[str, Any]]
) -> None:
    metrics = sum(len(widget["metrics"]) for widget in widgets)
    assert metrics < FREE_METRICS_OF_A_DASHBOARD
    text = resources["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"]
    for function in functions.values():
        name = resolve(function["FunctionName"], stage="prod")
        assert text.count(f'"{name}${{Suffix}}"') == 2


def test_the_dashboard_names_only_parameters(resources: Resources) -> None:
    text = resources["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"]
    named = set(re.findall(r"\$\{([^}]+)\}", text)) - {"AWS::Region"}
    assert named <= nested("observability")["Parameters"].keys()


def test_the_bucket_reports_the_requests_that_the_dashboard_shows(
    template: dict[str, Any], resources: Resources
) -> None:
    (metrics,) = template["Resources"]["DataBucket"]["Properties"]["MetricsConfigurations"]
    text = resources["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"]
    assert f'"FilterId", "{metrics["Id"]}"' in text


def test_the_access_log_names_no_file_and_no_user(template: dict[str, Any]) -> None:
    setting = template["Resources"]["Api"]["Properties"]["AccessLogSetting"]
    assert setting["DestinationArn"] == {"Fn::GetAtt": ["ApiLogGroup", "Arn"]}
    line = json.loads(setting["Format"])
    assert line["route"] == "$context.resourcePath"  # the template of the path
    assert not re.search(r"context\.path|querystring|authorizer|userAgent|\$input", str(line))


@pytest.mark.parametrize(("stage", "suffix"), [("prod", ""), ("dev", "-dev")])
def test_the_container_s_log_is_that_of_the_endpoint(
    template: dict[str, Any], stage: str, suffix: str
) -> None:
    group = template["Resources"]["EndpointLogGroup"]["Properties"]
    assert (
        resolve(group["LogGroupName"], stage=stage)
        == f"/aws/sagemaker/Endpoints/iris-totalsegmentator-endpoint{suffix}"
    )
    assert group["RetentionInDays"] == {"Ref": "LogRetentionDays"}
