"""How a container is set up: its environment, read once when it starts."""

import os
from collections.abc import Mapping
from dataclasses import dataclass

EVERY_ADDRESS = "0.0.0.0"  # noqa: S104 - inside a container: SageMaker calls from outside of it
SAGEMAKER_PORT = 8080
"""Where SageMaker calls a container that was told no other port."""


class InvalidEnvironment(Exception):
    """The environment does not say how the container is to run; the message names the variable."""


@dataclass(frozen=True)
class ContainerSettings:
    """What the environment decides.

    Attributes
    ----------
    engine : str
        A name of :data:`scan_to_mesh.segmenters.SEGMENTERS`.
    allow_weights_download : bool
        Whether an engine may fetch weights that are not there.
    host : str
        The address that the server listens on.
    port : int
        Where the server listens; 0 for any free port.
    instance_type : str or None
        What a job is billed by. SageMaker does not tell a container what it runs on, so the model's
        environment has to.
    """

    engine: str
    allow_weights_download: bool = False
    host: str = EVERY_ADDRESS
    port: int = SAGEMAKER_PORT
    instance_type: str | None = None

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> "ContainerSettings":
        """Read ``ENGINE``, ``ALLOW_WEIGHTS_DOWNLOAD``, ``BIND_TO_HOST``, ``INSTANCE_TYPE``, port.

        There is no default engine: a container that was told nothing must not run one that nobody
        chose.

        Parameters
        ----------
        environment : mapping of str to str, optional
            The process's own when left out.

        Raises
        ------
        InvalidEnvironment
            If ``ENGINE`` is missing, or a value cannot be understood.
        """
        values = os.environ if environment is None else environment
        engine = values.get("ENGINE", "")
        if not engine:
            raise InvalidEnvironment("ENGINE must name a segmentation engine")
        return cls(
            engine=engine,
            allow_weights_download=_flag(values, "ALLOW_WEIGHTS_DOWNLOAD"),
            host=values.get("BIND_TO_HOST") or EVERY_ADDRESS,
            port=_port(values, "SAGEMAKER_BIND_TO_PORT"),
            instance_type=values.get("INSTANCE_TYPE") or None,
        )


def _flag(values: Mapping[str, str], name: str) -> bool:
    text = values.get(name, "").lower()
    if text not in ("", "true", "false"):
        raise InvalidEnvironment(f"{name} must be true or false")
    return text == "true"


def _port(values: Mapping[str, str], name: str) -> int:
    text = values.get(name) or str(SAGEMAKER_PORT)
    if not text.isdecimal() or int(text) > 65535:
        raise InvalidEnvironment(f"{name} must be a port number")
    return int(text)
