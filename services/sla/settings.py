"""The settings of sla."""

from dataclasses import dataclass
from pathlib import Path

from shared.base.service_settings import ServiceSettings
from shared.base.settings import from_file, setting


@dataclass(frozen=True, kw_only=True)
class Settings(ServiceSettings):
    """What every service has, and where sla finds its policy and the people."""

    people: Path | None = setting(
        "AFTERCARE_PEOPLE", from_file, "write the path of a people.yaml that can be read", default=None
    )
    policy: Path | None = setting(
        "AFTERCARE_SLA_POLICY", from_file, "write the path of a policy file that can be read", default=None
    )
