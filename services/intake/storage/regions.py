"""The region tree that an operator loaded; empty until then."""

from collections.abc import Iterable
from typing import Final

import sqlalchemy as sa

from services.intake.storage.tables import regions

_r: Final = regions.c
_ALL: Final = sa.select(_r.path)
_TAKEN: Final = sa.select(
    sa.or_(~sa.exists(sa.select(_r.path)), sa.exists(sa.select(_r.path).where(_r.path == sa.bindparam("its_path"))))
)


def takes(connection: sa.Connection, path: str) -> bool:
    """Whether a case may lie there: the region is in the tree, or none is loaded."""
    return bool(connection.scalar(_TAKEN, {"its_path": path}))


def everything(connection: sa.Connection) -> list[str]:
    """Every region of the tree, each before those below it."""
    return sorted(connection.scalars(_ALL), key=lambda path: path.split("."))


def replace(connection: sa.Connection, paths: Iterable[str]) -> None:
    """From now on these are the regions."""
    connection.execute(regions.delete())
    connection.execute(regions.insert(), [{"path": path} for path in paths])
