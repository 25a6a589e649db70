"""What the environment says; read once, by the composition root."""

from collections.abc import Mapping
from dataclasses import dataclass

LICENCES = {
    "academic": frozenset({"open", "non_commercial"}),
    "commercial": frozenset({"open"}),
    "commercial_with_key": frozenset({"open", "commercial"}),
}
"""Which tasks' licences a deployment of each kind may use."""


class SettingMissing(Exception):
    """An environment variable that this function needs is not set."""


@dataclass(frozen=True)
class Settings:
    """Settings of the functions and of the container, by environment variable."""

    environment: Mapping[str, str]

    def _required(self, name: str) -> str:
        value = self.environment.get(name)
        if not value:
            raise SettingMissing(name)
        return value

    @property
    def bucket(self) -> str:
        """``S3_BUCKET``."""
        return self._required("S3_BUCKET")

    @property
    def table(self) -> str:
        """``DYNAMODB_TABLE``."""
        return self._required("DYNAMODB_TABLE")

    @property
    def endpoint_name(self) -> str:
        """``SAGEMAKER_ENDPOINT_NAME``."""
        return self._required("SAGEMAKER_ENDPOINT_NAME")

    @property
    def inspect_function_name(self) -> str:
        """``INSPECT_FUNCTION_NAME``."""
        return self._required("INSPECT_FUNCTION_NAME")

    @property
    def engine(self) -> str:
        """``ENGINE``: of the endpoint's container."""
        return self._required("ENGINE")

    @property
    def licences(self) -> frozenset[str]:
        """``LICENCES``: ``commercial`` (the default), ``commercial_with_key`` or ``academic``."""
        return LICENCES[self.environment.get("LICENCES", "commercial")]

    @property
    def silence_limit_s(self) -> float:
        """``SILENCE_LIMIT_S``: after how long a silent worker counts as lost."""
        return float(self.environment.get("SILENCE_LIMIT_S", "300"))

    @property
    def warm_window_s(self) -> float | None:
        """``WARM_WINDOW_S``: idle time after which the endpoint's instances go; None for never."""
        value = self.environment.get("WARM_WINDOW_S")
        return float(value) if value else None

    @property
    def cold_start_s(self) -> float | None:
        """``COLD_START_S``: how long an instance takes to start, until jobs have measured it."""
        value = self.environment.get("COLD_START_S")
        return float(value) if value else None

    @property
    def allowed_origins(self) -> tuple[str, ...]:
        """``ALLOWED_ORIGINS``: web origins that may call the API, separated by commas."""
        origins = self.environment.get("ALLOWED_ORIGINS", "http://localhost:5173")
        return tuple(origin.strip() for origin in origins.split(",") if origin.strip())

    @property
    def sign_in_required(self) -> bool:
        """``SIGN_IN_REQUIRED``: whether anonymous callers are refused."""
        return self.environment.get("SIGN_IN_REQUIRED", "false") == "true"

    @property
    def jwt_issuer(self) -> str:
        """``JWT_ISSUER``: whose tokens are believed; empty for none."""
        return self.environment.get("JWT_ISSUER", "").rstrip("/")

    @property
    def jwt_audience(self) -> str:
        """``JWT_AUDIENCE``: the client that tokens must be for."""
        return self.environment.get("JWT_AUDIENCE", "")
