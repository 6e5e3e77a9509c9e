"""The region tree that an operator loaded; empty until then."""

from collections.abc import Iterable
from typing import Final

import sqlalchemy as sa

from services.intake.storage.tables import regions

_r: Final = regions.c
_ALL: Final = sa.select(_r.path)


def takes(path: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    """Whether a case may lie there: the region is in the tree, or none is loaded."""
    return sa.or_(~sa.exists(sa.select(_r.path)), sa.exists(sa.select(_r.path).where(_r.path == path)))


_TAKEN: Final = sa.select(takes(sa.bindparam("its_path", type_=_r.path.type)))


def has(connection: sa.Connection, path: str) -> bool:
    """Whether a case may lie in this region."""
    return bool(connection.scalar(_TAKEN, {"its_path": path}))


def everything(connection: sa.Connection) -> list[str]:
    """Every region of the tree, each before those below it."""
    return sorted(connection.scalars(_ALL), key=lambda path: path.split("."))


def replace(connection: sa.Connection, paths: Iterable[str]) -> None:
    """From now on these are the regions."""
    connection.execute(regions.delete())
    connection.execute(regions.insert(), [{"path": path} for path in paths])
