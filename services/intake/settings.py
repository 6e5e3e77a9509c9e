"""The settings of intake."""

from dataclasses import dataclass
from pathlib import Path

from shared.base.service_settings import ServiceSettings
from shared.base.settings import one_of, setting, whole_number

PER_SECOND = whole_number(0, 1_000_000)
LIMIT = "write requests a second, or 0 for no limit"


@dataclass(frozen=True, kw_only=True)
class Settings(ServiceSettings):
    """What every service has; where intake finds its tokens, whether it asks sla, how often HTTP may ask."""

    tokens: Path | None = setting(
        "AFTERCARE_INTAKE_TOKENS", Path, "write the path of the file of HTTP tokens", default=None
    )
    promises: str = setting("AFTERCARE_INTAKE_PROMISES", one_of("on", "off"), "on or off", default="on")
    rate: int = setting("AFTERCARE_INTAKE_HTTP_RATE", PER_SECOND, LIMIT, default=100)
    stranger_rate: int = setting("AFTERCARE_INTAKE_HTTP_STRANGER_RATE", PER_SECOND, LIMIT, default=10)
