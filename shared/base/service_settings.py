"""The settings that every service has; a service's own settings are a subclass."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shared.base.settings import PRODUCTION, amqp_url, folder, from_file, one_of, port, seconds, setting, whole_number


@dataclass(frozen=True, kw_only=True)
class ServiceSettings:
    """Where a service finds its broker, its database, its people, its clock, and where it answers."""

    amqp_uri: str = setting("AFTERCARE_AMQP_URI", amqp_url, "write amqp://user:password@host:5672/vhost")
    db_url: str = setting("AFTERCARE_{SERVICE}_DB_URL", str, "write sqlite:////path/to/file or postgresql://…")
    http_host: str = setting("AFTERCARE_HTTP_HOST", str, "write an address to listen on", default="127.0.0.1")
    http_port: int = setting("AFTERCARE_{SERVICE}_HTTP_PORT", port, "write a port from 1 to 65535")
    data: Path = setting("AFTERCARE_DATA", folder, "write a folder that this user can write to")
    people: Path | None = setting(
        "AFTERCARE_PEOPLE", from_file, "write the path of a people.yaml that can be read", default=None
    )
    erasure_key: Path | None = setting(
        "AFTERCARE_ERASURE_KEY", Path, "write the path of the file that holds the suite's key of erasures", default=None
    )
    clock_file: Path | None = setting("AFTERCARE_CLOCK", Path, "write the path of the suite's clock file", default=None)
    mode: str = setting("AFTERCARE_MODE", one_of("embedded", PRODUCTION), "embedded or production", default="embedded")
    log_level: str = setting(
        "AFTERCARE_LOG_LEVEL",
        one_of("debug", "info", "warning", "error"),
        "debug, info, warning or error",
        default="info",
    )
    workers: int = setting("AFTERCARE_WORKERS", whole_number(1, 1000), "write a number from 1 to 1000", default=10)
    drain_seconds: float = setting("AFTERCARE_DRAIN_SECONDS", seconds, "write seconds", default=8.0)

    @property
    def is_production(self) -> bool:
        """Whether this runs in production mode."""
        return self.mode == PRODUCTION


def policy_file() -> Any:
    """The setting of a service that goes by a policy of its own: another file than the built-in one."""
    remedy = "write the path of a policy file that can be read"
    return setting("AFTERCARE_{SERVICE}_POLICY", from_file, remedy, default=None)
