"""The settings of intake."""

from dataclasses import dataclass
from pathlib import Path

from shared.base.service_settings import ServiceSettings
from shared.base.settings import one_of, setting


@dataclass(frozen=True, kw_only=True)
class Settings(ServiceSettings):
    """What every service has; where intake finds its tokens, and whether it asks sla for a promise."""

    tokens: Path | None = setting(
        "AFTERCARE_INTAKE_TOKENS", Path, "write the path of the file of HTTP tokens", default=None
    )
    promises: str = setting("AFTERCARE_INTAKE_PROMISES", one_of("on", "off"), "on or off", default="on")
