"""What a start brings: the first rules, a settings file with another version, days off that a package now knows."""

from datetime import datetime
from pathlib import Path

from services.sla.domain.announced import caught_up, written
from services.sla.domain.published import SYSTEM, Kind, Published, calendar_of
from services.sla.handlers.drafting import plain, policy_draft
from services.sla.handlers.publishing import add
from services.sla.handlers.rules import LiveRules, Rules, builtin_version
from services.sla.storage import publications
from services.sla.storage.policy_files import BUILTIN, load_policy
from shared.base.database import Database, UnitOfWork
from shared.base.yaml_file import read_yaml
from shared.kernel.errors import Misconfigured
from shared.worktime import default_calendar

CN = "cn"


def live_rules(database: Database, own: Path | None) -> LiveRules:
    """The rules of a process at its start; raises Misconfigured for a policy file that will not do."""
    file = own or BUILTIN
    load_policy(file)
    live = LiveRules(database)
    with database.write() as uow:
        publications.lock(uow.connection)
        if publications.newest(uow.connection) == 0:
            _begin(uow, _from_file(file, live.now()))
        else:
            rules = live.seen_by(uow.connection)
            _take_file(rules, uow, _from_file(file, live.now()), is_own=own is not None)
    with database.write() as uow:
        publications.lock(uow.connection)
        _take_calendar(live.seen_by(uow.connection), uow, live.now())
    live.known()
    return live


def _from_file(file: Path, now: datetime) -> Published:
    return policy_draft(read_yaml(file), file=file.name, now=now, by=SYSTEM, note=f"{file.name}, at the start")


def _begin(uow: UnitOfWork, policy: Published) -> None:
    calendar = Published(
        kind=Kind.CALENDAR,
        name=CN,
        version=builtin_version(),
        body=written(default_calendar()),
        at=policy.at,
        by=SYSTEM,
        note="the built-in calendar",
    )
    for each in (calendar, policy):
        publications.add(uow.connection, each, publications.DONE)


def _take_file(rules: Rules, uow: UnitOfWork, new: Published, *, is_own: bool) -> None:
    """Publish a version that was not there; the built-in policy only where no other one is in force."""
    known = publications.find(uow.connection, new.kind, new.name, new.version)
    if known is None:
        if is_own or rules.policy.name == new.name:
            add(rules, uow, new)
    elif plain(known.body) != plain(new.body):
        what = "AFTERCARE_SLA_POLICY" if is_own else "the built-in policy"
        raise Misconfigured(
            [
                f"{what}: version {new.version} of {new.name} was published on {known.at:%Y-%m-%d} with other content;"
                " give the file another version, or put back what it said"
            ]
        )


def _take_calendar(rules: Rules, uow: UnitOfWork, now: datetime) -> None:
    """Publish the years that the package of holidays knows and the calendar `cn` does not yet."""
    named = [each for each in publications.after(uow.connection, 0) if (each.kind, each.name) == (Kind.CALENDAR, CN)]
    if not named:
        return
    last = named[-1]
    work = caught_up(calendar_of(last), default_calendar())
    if work is None or publications.find(uow.connection, Kind.CALENDAR, CN, builtin_version()):
        return
    new = Published(
        kind=Kind.CALENDAR,
        name=CN,
        version=builtin_version(),
        body=work.to_dict(),
        regions=last.regions,
        at=now,
        by=SYSTEM,
        note="a newer release of the package `holidays` knows more days off",
    )
    add(rules, uow, new)
