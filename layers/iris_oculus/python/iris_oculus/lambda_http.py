"""API Gateway's proxy events to use cases and back: CORS, errors and metrics."""

import json
from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

from aws_lambda_powertools import Metrics
from aws_lambda_powertools.event_handler import APIGatewayRestResolver, CORSConfig, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from aws_lambda_powertools.event_handler.router import APIGatewayRouter
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEvent
from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import BaseModel, ValidationError

from iris_oculus import cors, errors, wiring
from iris_oculus.contracts import Error, ErrorAnswer
from iris_oculus.lambda_log import log_job, logger
from iris_oculus.principal import Principal

HTTP_STATUS: dict[type[errors.IrisOculusError], int] = {
    errors.BadRequest: 400,
    errors.UnreadableScan: 400,
    errors.Unauthorized: 401,
    errors.JobNotYours: 403,
    errors.JobNotFound: 404,
    errors.FileNotFound: 404,
    errors.ScanNotFound: 404,
    errors.RouteNotFound: 404,
    errors.JobConflict: 409,
    errors.JobDeleted: 410,
    errors.FileTooLarge: 413,
    errors.EndpointStopped: 503,
}
"""By class; a subclass has its nearest ancestor's. Every other error is a 500."""

Handler = Callable[[dict[str, Any], LambdaContext], dict[str, Any]]
Model = TypeVar("Model", bound=BaseModel)


@cache
def metrics() -> Metrics:
    """The function's metrics, written to the log in the embedded metric format.

    Their namespace is the environment's (``POWERTOOLS_METRICS_NAMESPACE``): one for each stage.
    """
    return Metrics()


def status_of(kind: type[errors.IrisOculusError]) -> int:
    """HTTP status of a type of error."""
    return next((HTTP_STATUS[each] for each in kind.__mro__ if each in HTTP_STATUS), 500)


def error_answer(error: errors.IrisOculusError) -> ErrorAnswer:
    """The body of every error."""
    return ErrorAnswer(error=Error(code=error.code, message=error.message, hint=error.hint))


def entry_point(router: APIGatewayRouter) -> Handler:
    """Make a function's handler from its routes.

    Parameters
    ----------
    router : Router
        Routes whose functions return a model, which becomes the JSON answer, or a ``Response``.

    Returns
    -------
    callable
        ``handler(event, context)`` for a REST API's proxy integration. The first call reads the
        settings and builds the resolver.
    """

    @cache
    def serving() -> Handler:
        resolver = _resolver(router)

        @logger().inject_lambda_context(clear_state=True)
        @metrics().log_metrics
        def serve(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
            job_id = (event.get("pathParameters") or {}).get("jobId")
            if job_id:
                log_job(job_id)
            answer: dict[str, Any] = resolver.resolve(event, context)
            status = answer["statusCode"]
            metrics().add_metric(name=f"Http{status // 100}xx", unit=MetricUnit.Count, value=1)
            logger().info("answered", extra={"status": status})
            return answer

        return serve

    def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
        return serving()(event, context)

    return handler


def body(event: APIGatewayProxyEvent, model: type[Model]) -> Model:
    """The request's body as a model.

    Parameters
    ----------
    event : APIGatewayProxyEvent
        Its body may be base64, which it always is behind ``BinaryMediaTypes: */*``.
    model : type of BaseModel

    Raises
    ------
    NotJson
        If it is no JSON object; an empty body counts as ``{}``.
    InvalidField
        If a field is missing, unknown or not allowed; names all of them.
    """
    try:
        fields = json.loads(event.decoded_body or "{}")
    except ValueError as error:  # neither base64, nor UTF-8, nor JSON
        raise errors.NotJson("The body is not JSON.") from error
    if not isinstance(fields, dict):
        raise errors.NotJson("The body is JSON, but no object.")
    try:
        return model.model_validate(fields)
    except ValidationError as error:
        raise errors.InvalidField(_explain(error)) from error


def principal(event: APIGatewayProxyEvent, *, user_id: str | None = None) -> Principal:
    """The caller: the authorizer's word; while sign-in is off, what the caller says to be.

    Parameters
    ----------
    event : APIGatewayProxyEvent
    user_id : str, optional
        From the body; the query's ``userId`` where it is left out.
    """
    context = (event.get("requestContext") or {}).get("authorizer") or {}
    subject = context.get("subject")
    if subject:
        return Principal(subject=subject)
    return Principal(user_id=user_id or (event.get("queryStringParameters") or {}).get("userId"))


def _explain(error: ValidationError) -> str:
    # Only places and rules: pydantic's own text repeats the input, which may hold patient data.
    found = [
        f"{'.'.join(map(str, entry['loc'])) or 'body'}: {entry['msg']}"
        for entry in error.errors(include_url=False, include_input=False, include_context=False)
    ]
    return "; ".join(found) + "."


def _to_json(answer: object) -> Any:  # Powertools knows str alone, and takes bytes as well
    if isinstance(answer, bytes):
        return answer  # a file that holds JSON
    if isinstance(answer, BaseModel):
        return answer.model_dump_json()
    return json.dumps(answer)


def _resolver(router: APIGatewayRouter) -> APIGatewayRestResolver:
    first, *others = wiring.settings().allowed_origins
    pages = CORSConfig(
        allow_origin=first,
        extra_origins=others,
        allow_headers=list(cors.ALLOW_HEADERS),
        expose_headers=list(cors.EXPOSE_HEADERS),
        max_age=cors.MAX_AGE_S,
    )
    resolver = APIGatewayRestResolver(cors=pages, serializer=_to_json)
    resolver.include_router(router)

    @resolver.exception_handler(errors.IrisOculusError)  # type: ignore[untyped-decorator] # Powertools
    def known(error: errors.IrisOculusError) -> Response[ErrorAnswer]:
        status = status_of(type(error))
        logger().warning("refused", extra={"error_code": error.code, "status": status})
        return Response(status, "application/json", error_answer(error))

    @resolver.exception_handler(Exception)  # type: ignore[untyped-decorator] # Powertools
    def unknown(error: Exception) -> Response[ErrorAnswer]:
        # The text of an unforeseen error may repeat its input: log its type and place alone.
        logger().error("failed", extra={"error_type": type(error).__name__, "at": _place(error)})
        error_on_our_side = errors.IrisOculusError("Something went wrong on our side.")
        return Response(500, "application/json", error_answer(error_on_our_side))

    @resolver.not_found
    def no_route(_error: NotFoundError) -> Response[ErrorAnswer]:
        no_such_route = errors.RouteNotFound("There is no such route.")
        return Response(404, "application/json", error_answer(no_such_route))

    return resolver


def _place(error: BaseException) -> str:
    trace = error.__traceback__
    place = "unknown"
    while trace is not None:
        code = trace.tb_frame.f_code
        place = f"{code.co_filename}:{trace.tb_lineno} {code.co_name}"
        trace = trace.tb_next
    return place
