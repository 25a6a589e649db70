"""Reads ``template.yaml``, the one place where resources stand, with its references filled in.

Only what the template uses of CloudFormation's intrinsic functions is understood; anything else is
an error, so that the laptop never quietly differs from AWS.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Self

import yaml

REGION = "us-east-1"
ACCOUNT_ID = "000000000000"
STAGE = "local"

Properties = dict[str, Any]

_NO_VALUE = object()
"""What ``AWS::NoValue`` stands for: the property, or the entry of a list, is not there."""


class TemplateError(Exception):
    """The template holds something that the local stack does not understand."""


class _Loader(yaml.SafeLoader):
    """YAML with CloudFormation's short tags, read as their long form."""


def _short_tag(loader: yaml.SafeLoader, tag: str, node: yaml.Node) -> dict[str, Any]:
    name = tag if tag in {"Ref", "Condition"} else f"Fn::{tag}"
    value: Any
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
        if tag == "GetAtt":
            value = str(value).split(".", 1)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    elif isinstance(node, yaml.MappingNode):
        value = loader.construct_mapping(node, deep=True)
    else:
        raise TemplateError(f"!{tag} of an unknown kind")
    return {name: value}


_Loader.add_multi_constructor("!", _short_tag)


class Template:
    """The template with its parameters filled in.

    Parameters
    ----------
    document : mapping
        The parsed template.
    parameters : mapping of str to str, optional
        In place of the parameters' defaults.
    """

    def __init__(
        self, document: Mapping[str, Any], parameters: Mapping[str, str] | None = None
    ) -> None:
        self.document = document
        self._given = {"Stage": STAGE, **(parameters or {})}
        self.resources: Mapping[str, Mapping[str, Any]] = document["Resources"]

    @classmethod
    def read(cls, path: Path, parameters: Mapping[str, str] | None = None) -> Self:
        """The template of a file."""
        # The loader builds plain data only: it is a SafeLoader with one more constructor.
        document = yaml.load(path.read_text(encoding="utf-8"), _Loader)  # noqa: S506
        return cls(document, parameters)

    def resolve(self, value: Any) -> Any:
        """The value with every intrinsic function replaced by what it stands for."""
        if isinstance(value, Mapping):
            if len(value) == 1:
                ((key, argument),) = value.items()
                if key == "Ref":
                    return self._ref(argument)
                if isinstance(key, str) and key.startswith("Fn::"):
                    return self._call(key, argument)
            resolved = {key: self.resolve(item) for key, item in value.items()}
            return {key: item for key, item in resolved.items() if item is not _NO_VALUE}
        if isinstance(value, list):
            return [item for item in map(self.resolve, value) if item is not _NO_VALUE]
        return value

    def _call(self, name: str, argument: Any) -> Any:
        if name == "Fn::If":
            condition, yes, no = argument
            return self.resolve(yes if self._condition(condition) else no)
        if name == "Fn::Join":
            separator, parts = argument
            return separator.join(str(part) for part in self.resolve(parts))
        if name == "Fn::GetAtt":
            return self._attribute(*argument)
        if name == "Fn::Sub":
            return self._sub(argument)
        raise TemplateError(f"the local stack does not understand {name}")

    def _condition(self, name: str) -> bool:
        return self._holds(self.document["Conditions"][name])

    def _holds(self, condition: Mapping[str, Any]) -> bool:
        ((key, argument),) = condition.items()
        if key == "Fn::Equals":
            left, right = self.resolve(argument)
            return bool(left == right)
        if key == "Fn::Not":
            return not self._holds(argument[0])
        raise TemplateError(f"the local stack does not understand {key} in a condition")

    def _sub(self, argument: Any) -> str:
        text, own = (argument, {}) if isinstance(argument, str) else argument
        values = self.resolve(own)

        def replace(match: re.Match[str]) -> str:
            name = match[1]
            if name in values:
                return str(values[name])
            logical_id, _, attribute = name.partition(".")
            found = self._attribute(logical_id, attribute) if attribute else self._ref(name)
            return str(found)

        return re.sub(r"\$\{([^!][^}]*)\}", replace, text)

    def _ref(self, name: str) -> Any:
        pseudo = {
            "AWS::Region": REGION,
            "AWS::AccountId": ACCOUNT_ID,
            "AWS::Partition": "aws",
            "AWS::URLSuffix": "amazonaws.com",
            "AWS::NoValue": _NO_VALUE,
        }
        if name in pseudo:
            return pseudo[name]
        parameters = self.document.get("Parameters", {})
        if name in parameters:
            text = self._given.get(name, parameters[name].get("Default", ""))
            is_list = parameters[name]["Type"] == "CommaDelimitedList"
            return [item.strip() for item in text.split(",")] if is_list else text
        if self.resources[name]["Type"] == "AWS::SNS::Topic":
            return self._attribute(name, "Arn")
        return self.physical_name(name)

    def _attribute(self, logical_id: str, attribute: str) -> str:
        kind = self.resources[logical_id]["Type"]
        name = self.physical_name(logical_id)
        arns = {
            "AWS::S3::Bucket": f"arn:aws:s3:::{name}",
            "AWS::DynamoDB::Table": f"arn:aws:dynamodb:{REGION}:{ACCOUNT_ID}:table/{name}",
            "AWS::SNS::Topic": f"arn:aws:sns:{REGION}:{ACCOUNT_ID}:{name}",
            "AWS::SQS::Queue": f"arn:aws:sqs:{REGION}:{ACCOUNT_ID}:{name}",
            "AWS::Serverless::Function": f"arn:aws:lambda:{REGION}:{ACCOUNT_ID}:function:{name}",
        }
        if attribute != "Arn" or kind not in arns:
            raise TemplateError(f"the local stack does not know {attribute} of a {kind}")
        return arns[kind]

    def physical_name(self, logical_id: str) -> str:
        """The name of a resource: the template's, or one made of its logical id."""
        naming = {
            "AWS::S3::Bucket": "BucketName",
            "AWS::DynamoDB::Table": "TableName",
            "AWS::SNS::Topic": "TopicName",
            "AWS::SQS::Queue": "QueueName",
            "AWS::Serverless::Function": "FunctionName",
        }
        resource = self.resources[logical_id]
        given = resource["Properties"].get(naming.get(resource["Type"], ""))
        return self.resolve(given) if given else f"iris-{STAGE}-{logical_id.lower()}"

    def of_type(self, kind: str) -> Iterator[tuple[str, Properties]]:
        """Logical id and properties, not yet resolved, of every resource of a type."""
        for logical_id, resource in self.resources.items():
            if resource["Type"] == kind:
                yield logical_id, resource["Properties"]

    def properties(self, logical_id: str) -> Properties:
        """A resource's properties, resolved."""
        resolved: Properties = self.resolve(self.resources[logical_id]["Properties"])
        return resolved
