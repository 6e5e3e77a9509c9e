"""Where a service's parts lie: the one map from a name to its modules."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from shared.base.service_settings import ServiceSettings


@dataclass(frozen=True)
class Package:
    """The parts of one service; its package is laid out like those in `services/`."""

    name: str
    path: str
    settings: type[ServiceSettings]
    metadata: sa.MetaData
    scripts: Path
    """The folder of the migration scripts."""

    @classmethod
    def of(cls, name: str, path: str = "") -> "Package":
        """The package of the service `name`: `services.<name>` unless another path is given."""
        path = path or f"services.{name}"
        storage = import_module(f"{path}.storage")
        return cls(
            name=name,
            path=path,
            settings=import_module(f"{path}.settings").Settings,
            metadata=import_module(f"{path}.storage.tables").metadata,
            scripts=Path(str(storage.__file__)).parent / "migrations",
        )

    @staticmethod
    def verifying(name: str) -> Any:
        """What verifies the record of the service `name` (`verify`, `Places`), without any process of that service."""
        return import_module(f"services.{name}.handlers.verifying")

    def service_class(self) -> Any:
        """The nameko class."""
        return import_module(f"{self.path}.service").Service

    def http(self) -> Callable[[Any], Any] | None:
        """What makes the service's own WSGI application of its resources, if it has one."""
        found: Callable[[Any], Any] | None = getattr(import_module(f"{self.path}.service"), "http", None)
        return found
