"""The region tree: an operator loads it, and from then on a case lies in one of its regions (contracts 3)."""

from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any, Final

import sqlalchemy as sa

from services.intake.storage import regions
from shared.base.database import UnitOfWork
from shared.kernel.errors import Invalid
from shared.kernel.regions import UNASSIGNED, is_within, tree_paths, upwards

Answer = dict[str, Any]
NEAREST: Final = 3
"""Regions that a refusal names at most."""


def load_regions(uow: UnitOfWork, request: Answer) -> Answer:
    """Replace the tree; cases on file stay where they are. Raises Invalid with every mistake in it."""
    paths = tree_paths(request["tree"], "tree")
    before = set(regions.everything(uow.connection))
    regions.replace(uow.connection, paths)
    return show_regions(uow.connection, {}) | {
        "added": sorted(set(paths) - before),
        "removed": sorted(before - set(paths)),
    }


def show_regions(connection: sa.Connection, _request: Answer) -> Answer:
    """The tree, each region before those below it; empty while none is loaded."""
    return {"regions": regions.everything(connection)}


def is_known(connection: sa.Connection, region: str) -> bool:
    """Whether a case may lie there; one that nobody could place always may."""
    return region == UNASSIGNED or regions.has(connection, region)


def refuse_unknown(connection: sa.Connection, region: str, field: str) -> None:
    """Raise Invalid at `field`, with the nearest regions that there are, where the tree does not have this one."""
    if not is_known(connection, region):
        near = ", ".join(_nearest(region, regions.everything(connection)))
        raise Invalid.field(field, f"there is no region {region}; nearest: {near} (`aftercare regions show` has all)")


def smallest_known(connection: sa.Connection, region: str) -> str:
    """The region itself, else the first above it that there is, else none in particular."""
    return next((each for each in upwards(region) if is_known(connection, each)), UNASSIGNED)


def _nearest(region: str, known: Sequence[str]) -> list[str]:
    """Those most alike: below the smallest region above it that there is, else of all."""
    above = next((each for each in upwards(region) if each in known), None)
    around = [each for each in known if above is None or is_within(each, above)]
    return get_close_matches(region, around, NEAREST, cutoff=0)
