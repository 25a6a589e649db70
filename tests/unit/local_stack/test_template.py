from typing import Any

import pytest

from local_stack.template import Template, TemplateError


def test_short_tags_and_references_stand_for_what_aws_would_put_there(
    document: dict[str, Any],
) -> None:
    template = Template(document, {"Stage": "local"})

    assert template.physical_name("ThingFunction") == "thing-local"
    assert template.resolve({"Ref": "Origins"}) == ["http://a.example", "http://b.example"]
    assert template.resolve({"Ref": "Topic"}) == "arn:aws:sns:us-east-1:000000000000:outcomes"
    assert template.resolve({"Ref": "Queue"}) == "outcomes"
    assert template.resolve({"Fn::Sub": ["${Name}-${AWS::Region}", {"Name": "x"}]}) == "x-us-east-1"
    assert template.properties("Queue")["RedrivePolicy"]["deadLetterTargetArn"].endswith(
        ":outcomes-dead"
    )


def test_a_condition_chooses(document: dict[str, Any]) -> None:
    assert Template(document, {"Stage": "prod"}).physical_name("ThingFunction") == "thing"


def test_a_condition_can_be_the_contrary_of_another(document: dict[str, Any]) -> None:
    document["Conditions"]["Other"] = {"Fn::Not": [{"Fn::Equals": [{"Ref": "Stage"}, "prod"]}]}
    chosen = {"Fn::If": ["Other", "other", "prod"]}
    assert Template(document, {"Stage": "prod"}).resolve(chosen) == "prod"
    assert Template(document, {"Stage": "dev"}).resolve(chosen) == "other"


def test_no_value_is_not_there(document: dict[str, Any]) -> None:
    nothing = {"Fn::If": ["IsProd", {"Ref": "AWS::NoValue"}, 1]}
    value = {"left": 1, "out": nothing, "list": [1, nothing]}
    template = Template(document, {"Stage": "prod"})
    assert template.resolve(value) == {"left": 1, "list": [1]}


@pytest.mark.parametrize(
    "value",
    [{"Fn::Select": [0, ["a"]]}, {"Fn::GetAtt": ["Bucket", "DomainName"]}],
)
def test_what_is_not_understood_is_an_error(document: dict[str, Any], value: Any) -> None:
    with pytest.raises(TemplateError):
        Template(document).resolve(value)
