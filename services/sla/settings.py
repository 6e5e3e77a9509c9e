"""The settings of sla."""

from dataclasses import dataclass
from pathlib import Path

from shared.base.service_settings import ServiceSettings, policy_file


@dataclass(frozen=True, kw_only=True)
class Settings(ServiceSettings):
    """What every service has; where sla finds its policy."""

    policy: Path | None = policy_file()
