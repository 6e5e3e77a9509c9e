"""The settings of the probe."""

from dataclasses import dataclass

from shared.base.service_settings import ServiceSettings
from shared.base.settings import setting, whole_number


@dataclass(frozen=True, kw_only=True)
class Settings(ServiceSettings):
    """What every service has, and one that the tests break."""

    favourite: int = setting("PROBE_FAVOURITE", whole_number(1, 9), "write a number from 1 to 9", default=7)
