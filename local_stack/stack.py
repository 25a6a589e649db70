"""The local stack: emulator, bridge, container, event sources and gateway, put together."""

import contextlib
import logging
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from iris_oculus.layout import ENDPOINT_FAILURE_PREFIX, ENDPOINT_OUTPUT_PREFIX

from local_stack.child_process import free_port
from local_stack.container_process import ContainerProcess
from local_stack.data_folder import DataFolder
from local_stack.delivery import Delivery, Topics
from local_stack.emulator import client_environment, start_emulator
from local_stack.endpoint_bridge import Endpoint, EndpointBridge
from local_stack.events import EventSources
from local_stack.functions import FunctionRunner
from local_stack.gateway import Gateway
from local_stack.invocation_queue import InvocationQueue
from local_stack.recorded_calls import record_calls
from local_stack.resources import Clients, make_resources
from local_stack.server_thread import ServerThread
from local_stack.serverless import Application

REPOSITORY = Path(__file__).resolve().parent.parent
TEMPLATE = REPOSITORY / "template.yaml"

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class StackSettings:
    """How the stack runs.

    Attributes
    ----------
    port : int
        Of the API and the page.
    data_dir : Path
        Jobs and files are kept here.
    engine : str
        The container's segmentation engine.
    """

    port: int
    data_dir: Path
    engine: str

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "StackSettings":
        """Read ``PORT`` (0 takes a free one), ``DATA_DIR`` and ``ENGINE``."""
        return cls(
            port=int(environment.get("PORT") or 8000) or free_port(),
            data_dir=Path(environment.get("DATA_DIR") or ".data"),
            engine=environment.get("ENGINE") or "hounsfield",
        )


@dataclass(frozen=True)
class RunningStack:
    """What callers may use of a running stack."""

    gateway: Gateway
    container: ContainerProcess
    emulator_url: str


@contextlib.contextmanager
def local_stack(settings: StackSettings) -> Iterator[RunningStack]:
    """Run everything but the API's own server, and stop it in the right order.

    The functions run in this process: its environment is theirs while the stack runs.

    Parameters
    ----------
    settings : StackSettings

    Raises
    ------
    DataFolderBusy
        If another stack uses the data folder.
    ChildFailed
        If the emulator does not start.
    """
    with contextlib.ExitStack() as ends:
        folder = ends.enter_context(DataFolder(settings.data_dir)).path
        template = Application.read(
            TEMPLATE,
            # A laptop bills nothing by the hour: there is no capacity to let go.
            {"AllowedOrigins": _origins(settings.port), "WarmWindowSeconds": ""},
        )
        emulator = start_emulator(folder)
        ends.callback(emulator.stop)
        runner = FunctionRunner(template.functions())
        ends.callback(runner.stop)
        environment = _function_environment(template) | client_environment(emulator.endpoint_url)
        # Without a GPU's minutes, nothing is to be said of how long the container takes to start.
        environment |= {"ENGINE": settings.engine, "COLD_START_S": ""}
        ends.enter_context(_environment(environment))
        clients = _clients()
        queue = InvocationQueue(folder / "invocations")
        container = ContainerProcess(
            settings.engine, environment, folder / "logs" / "container.log"
        )
        delivery = Delivery(
            queue, container.url, s3=clients.s3, sns=clients.sns, topics=_topics(template)
        )
        # Backwards: first nothing is taken for an outcome any more, then the container ends.
        ends.callback(delivery.join, 5)
        ends.callback(container.stop)
        ends.callback(delivery.stop_soon)
        container.start()  # loading its engine takes longest
        make_resources(template, clients)

        endpoint = _endpoint(template, environment["SAGEMAKER_ENDPOINT_NAME"], folder, container)
        bridge = ServerThread(EndpointBridge(endpoint, queue, runner).application, name="bridge")
        ends.callback(bridge.stop)
        os.environ["AWS_ENDPOINT_URL_SAGEMAKER"] = bridge.url
        os.environ["AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME"] = bridge.url
        os.environ["AWS_ENDPOINT_URL_LAMBDA"] = bridge.url
        delivery.start()
        events = EventSources(template, runner, clients.sqs)
        ends.callback(events.stop)
        events.start()
        yield RunningStack(Gateway(template, runner), container, emulator.endpoint_url)


def _origins(port: int) -> str:
    """The page served by the stack itself, and the frontend's development server."""
    hosts = (f"localhost:{port}", f"127.0.0.1:{port}", "localhost:5173", "127.0.0.1:5173")
    return ",".join(f"http://{host}" for host in hosts)


def _function_environment(template: Application) -> dict[str, str]:
    """The environments of all functions as one: they share this process.

    Raises
    ------
    ValueError
        If two functions need different values of one variable.
    """
    merged: dict[str, str] = {}
    for function in template.functions():
        for name, value in function.environment.items():
            if merged.setdefault(name, value) != value:
                raise ValueError(f"the functions disagree on {name}")
    return merged


@contextlib.contextmanager
def _environment(values: Mapping[str, str]) -> Iterator[None]:
    """Set variables; nothing of the user's own AWS set-up is in effect meanwhile."""
    before = dict(os.environ)
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    os.environ.update(values)
    os.environ["AWS_CONFIG_FILE"] = os.environ["AWS_SHARED_CREDENTIALS_FILE"] = os.devnull
    own = os.environ.get("NO_PROXY") or os.environ.get("no_proxy")
    os.environ["NO_PROXY"] = os.environ["no_proxy"] = ",".join(
        part for part in (own, "127.0.0.1", "localhost") if part
    )
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _clients() -> Clients:
    """Clients of the emulator.

    Made before any function runs: the first clients of a process fill boto3's default session,
    which two threads must not do at once.
    """
    import boto3

    boto3.setup_default_session()
    if boto3.DEFAULT_SESSION is not None:
        record_calls(boto3.DEFAULT_SESSION)
    return Clients(
        s3=boto3.client("s3"),
        dynamodb=boto3.client("dynamodb"),
        sns=boto3.client("sns"),
        sqs=boto3.client("sqs"),
    )


def _endpoint(
    template: Application, name: str, folder: Path, container: ContainerProcess
) -> Endpoint:
    bucket = template.physical_name("DataBucket")
    return Endpoint(
        name=name,
        output_path=f"s3://{bucket}/{ENDPOINT_OUTPUT_PREFIX}",
        failure_path=f"s3://{bucket}/{ENDPOINT_FAILURE_PREFIX}",
        stopped_marker=folder / "endpoint-stopped",
        is_up=lambda: container.ready,
    )


def _topics(template: Application) -> Topics:
    return Topics(
        success=template.resolve({"Ref": "InferenceSuccessTopic"}),
        error=template.resolve({"Ref": "InferenceErrorTopic"}),
    )
