"""The serverless application in the template: functions, routes, and what else calls functions.

Follows the AWS Serverless Application Model's specification of ``AWS::Serverless::Function`` and
``AWS::Serverless::Api``.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from local_stack.template import Properties, Template, TemplateError


@dataclass(frozen=True)
class Function:
    """One Lambda function of the template.

    Attributes
    ----------
    logical_id : str
    name : str
        The name that AWS knows it by.
    module : str
        Importable module of the handler: ``lambdas.health.handler``.
    attribute : str
        The handler's name in it.
    timeout_s, memory_mb : int
    environment : mapping of str to str
    retries : int
        Of an asynchronous invocation.
    """

    logical_id: str
    name: str
    module: str
    attribute: str
    timeout_s: int
    memory_mb: int
    environment: Mapping[str, str]
    retries: int


@dataclass(frozen=True)
class Route:
    """One path and method of the API.

    Attributes
    ----------
    path : str
        As API Gateway writes it: ``/jobs/{jobId}``.
    authorized : bool
        Whether the authorizer is asked first.
    """

    path: str
    method: str
    function: Function
    authorized: bool


@dataclass(frozen=True)
class QueueMapping:
    """A queue whose messages go to a function."""

    function: Function
    queue_logical_id: str
    batch_size: int
    partial_responses: bool


@dataclass(frozen=True)
class GatewayResponse:
    """What API Gateway answers itself."""

    status: int
    headers: Mapping[str, str]
    body: str


class Application(Template):
    """The template, read as a serverless application."""

    def function(self, logical_id: str) -> Function:
        """One function, with what ``Globals`` says of all."""
        own = self.resources[logical_id]["Properties"]
        common = self.document.get("Globals", {}).get("Function", {})
        merged = {**common, **own}
        folder = str(merged["CodeUri"]).strip("/").replace("/", ".")
        module, _, attribute = str(merged["Handler"]).rpartition(".")
        variables = {
            **common.get("Environment", {}).get("Variables", {}),
            **own.get("Environment", {}).get("Variables", {}),
        }
        return Function(
            logical_id=logical_id,
            name=self.physical_name(logical_id),
            module=f"{folder}.{module}",
            attribute=attribute,
            timeout_s=int(merged.get("Timeout", 3)),
            memory_mb=int(merged.get("MemorySize", 128)),
            environment={key: str(self.resolve(value)) for key, value in variables.items()},
            retries=int(own.get("EventInvokeConfig", {}).get("MaximumRetryAttempts", 2)),
        )

    def functions(self) -> list[Function]:
        """Every function."""
        return [self.function(name) for name, _ in self.of_type("AWS::Serverless::Function")]

    def _events(self, kind: str) -> Iterator[tuple[Function, Properties]]:
        for logical_id, properties in self.of_type("AWS::Serverless::Function"):
            for event in properties.get("Events", {}).values():
                if event["Type"] not in {"Api", "Schedule"}:
                    raise TemplateError(f"the local stack knows no events of type {event['Type']}")
                if event["Type"] == kind:
                    yield self.function(logical_id), event["Properties"]

    def routes(self) -> list[Route]:
        """Every route of the API."""
        default = self._api().get("Auth", {}).get("DefaultAuthorizer")
        return [
            Route(
                path=event["Path"],
                method=event["Method"].upper(),
                function=function,
                authorized=event.get("Auth", {}).get("Authorizer", default) not in {None, "NONE"},
            )
            for function, event in self._events("Api")
        ]

    def authorizer(self) -> Function | None:
        """The function of the API's default authorizer, if it has one."""
        auth = self._api().get("Auth", {})
        name = auth.get("DefaultAuthorizer")
        if not name:
            return None
        logical_id, _ = auth["Authorizers"][name]["FunctionArn"]["Fn::GetAtt"]
        return self.function(logical_id)

    def takes_binary(self) -> bool:
        """Whether every media type is binary to the API, so that every body comes as base64."""
        return any(
            kind.replace("~1", "/") == "*/*" for kind in self._api().get("BinaryMediaTypes", [])
        )

    def gateway_response(self, kind: str, *, status: int) -> GatewayResponse:
        """What the API answers itself: the response of this kind, or the default of its class.

        Parameters
        ----------
        kind : str
            API Gateway's name of the response: ``MISSING_AUTHENTICATION_TOKEN``.
        status : int
            The status where the template names none.
        """
        responses = self._api().get("GatewayResponses", {})
        found = responses.get(kind) or responses.get(f"DEFAULT_{status // 100}XX", {})
        headers = found.get("ResponseParameters", {}).get("Headers", {})
        templates = found.get("ResponseTemplates", {})
        return GatewayResponse(
            status=int(found.get("StatusCode", status)),
            # Static values stand in single quotes; the local API has no other kind.
            headers={name: str(value).strip("'") for name, value in headers.items()},
            body=str(templates.get("application/json", '{"message":$context.error.messageString}')),
        )

    def _api(self) -> Properties:
        for _, properties in self.of_type("AWS::Serverless::Api"):
            return properties
        raise TemplateError("the template has no AWS::Serverless::Api")

    def queue_mappings(self) -> list[QueueMapping]:
        """Every queue that feeds a function."""
        return [
            QueueMapping(
                function=self.function(mapping["FunctionName"]["Ref"]),
                queue_logical_id=mapping["EventSourceArn"]["Fn::GetAtt"][0],
                batch_size=int(mapping.get("BatchSize", 10)),
                partial_responses="ReportBatchItemFailures"
                in mapping.get("FunctionResponseTypes", []),
            )
            for _, mapping in self.of_type("AWS::Lambda::EventSourceMapping")
        ]

    def scheduled_functions(self) -> list[Function]:
        """Every function that runs on a schedule."""
        return [function for function, _ in self._events("Schedule")]
