"""`aftercare migrate`: bring databases to the version that this program needs (design 4)."""

from dataclasses import dataclass
from typing import Annotated

import typer

from shared.base.broker import SERVICES
from shared.base.clock import SuiteClock
from shared.base.database import Database
from shared.base.migrations import current, migrate, newest
from shared.base.settings import read_settings, setting
from shared.cli.options import AsJson
from shared.cli.output import show, show_json, table
from shared.kernel.errors import Invalid, Misconfigured, Unavailable

Names = Annotated[list[str] | None, typer.Argument(metavar="[SERVICE]...", help="Which; all of them unless named.")]


@dataclass(frozen=True)
class DatabaseSettings:
    """Where one service's database is."""

    db_url: str = setting("AFTERCARE_{SERVICE}_DB_URL", str, "write sqlite:////path/to/file or postgresql://…")


def migrate_(names: Names = None, as_json: AsJson = False) -> None:
    """Bring the databases named in AFTERCARE_<SERVICE>_DB_URL to the newest version.

    Safe to run twice, and by two at once. `aftercare up` does it by itself.

    \b
    Examples:
      aftercare migrate
      aftercare migrate intake sla --json
    """
    unknown = sorted(set(names or ()) - set(SERVICES))
    if unknown:
        raise Invalid.field("SERVICE", f"{', '.join(unknown)}: no such service; there are {', '.join(SERVICES)}")
    done = [_migrate(service, url) for service, url in _urls(names or SERVICES).items()]
    if as_json:
        show_json({"services": done})
    else:
        columns = ("service", "was", "is")
        show(table(*columns, rows=[[each[name] or "empty" for name in columns] for each in done]))


def _urls(services: "tuple[str, ...] | list[str]") -> dict[str, str]:
    """Every database's URL; raises Misconfigured with all that are missing."""
    problems: list[str] = []
    urls: dict[str, str] = {}
    for service in services:
        try:
            urls[service] = read_settings(DatabaseSettings, service).db_url
        except Misconfigured as error:
            problems += error.problems
    if problems:
        raise Misconfigured(problems)
    return urls


def _migrate(service: str, url: str) -> dict[str, str | None]:
    database = Database(url, service=service, clock=SuiteClock())
    try:
        was = current(database)
        migrate(database)
        return {"service": service, "was": was, "is": newest(service)}
    except Unavailable as error:
        raise Unavailable(f"{service} is not migrated: {error}") from None
    finally:
        database.close()
