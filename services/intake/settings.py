"""The settings of intake."""

from dataclasses import dataclass
from pathlib import Path

from shared.base.service_settings import ServiceSettings
from shared.base.settings import from_file, setting


@dataclass(frozen=True, kw_only=True)
class Settings(ServiceSettings):
    """What every service has, and where intake finds its people and its tokens."""

    people: Path | None = setting(
        "AFTERCARE_PEOPLE", from_file, "write the path of a people.yaml that can be read", default=None
    )
    tokens: Path | None = setting(
        "AFTERCARE_INTAKE_TOKENS", Path, "write the path of the file of HTTP tokens", default=None
    )
