"""The settings of maintenance."""

from dataclasses import dataclass

from shared.base.service_settings import ServiceSettings


@dataclass(frozen=True, kw_only=True)
class Settings(ServiceSettings):
    """What every service has."""
