"""Which open clocks a publication can change, told without looking at any: what else there is keeps its instants."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from services.sla.domain.calendars import Calendar, Measure
from services.sla.domain.derive import Publication
from services.sla.domain.policy import ClockRule
from services.sla.domain.publishing import Running
from services.sla.domain.record import Record

FAR = datetime(9000, 1, 1, tzinfo=UTC)
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Reach:
    """Running clocks that ask this calendar, are due at or after `due_from` and started before `started_until`."""

    calendar: str
    due_from: datetime = datetime.min.replace(tzinfo=UTC)
    started_until: datetime = FAR

    def means(self, record: Record) -> bool:
        """Whether it is one of them."""
        within = self.due_from <= record.due_at and record.started_at < self.started_until
        return within and record.calendar == self.calendar


@dataclass(frozen=True, slots=True, kw_only=True)
class Touched:
    """Open clocks: of these names, within these reaches, of cases in these regions; or every one.

    Those started from `since` on, when it was published, come along; with `carried` those that carry something, too.
    """

    since: datetime
    names: frozenset[str] = frozenset()
    reaches: tuple[Reach, ...] = ()
    regions: frozenset[str] = frozenset()
    every: bool = False
    carried: bool = False

    @property
    def by_days(self) -> bool:
        """Whether only the days of calendars changed."""
        return not (self.every or self.names or self.regions)

    def names_of(self, records: Iterable[Record]) -> frozenset[str] | None:
        """Which clocks of a case it is about, where only the days of calendars changed; None: any."""
        if not self.by_days:
            return None
        return frozenset(record.name for record in records if record.ended_at is None and self._means(record))

    def _means(self, record: Record) -> bool:
        if record.started_at >= self.since or (self.carried and record.counted_from is not None):
            return True
        return record.measure is not Measure.ELAPSED and any(each.means(record) for each in self.reaches)


def touched(publications: Sequence[Publication]) -> Touched:
    """What the last of these publications can change; more than what it does change, never less."""
    *_, new = publications
    if new.running is Running.KEEP:
        return Touched(since=new.at)
    names: set[str] = set()
    reaches: set[Reach] = set()
    regions: set[str] = set()
    every = False
    only_calendars = new.policy is publications[-2].policy
    for old in _in_use(publications[:-1]):
        other = set() if only_calendars else set(_other_rules(old, new))
        names |= other
        every = every or (new.running is Running.RECOMPUTE and any(_can_begin(old, new, name) for name in other))
        every = every or old.calendars.default.name != new.calendars.default.name
        roots = old.calendars.by_region.keys() | new.calendars.by_region.keys()
        regions |= {each for each in roots if old.calendars.of(each).name != new.calendars.of(each).name}
        for before, after in _versions(old, new):
            reaches |= set(_reaches(before, after))
    return Touched(
        since=new.at,
        names=frozenset(names),
        reaches=tuple(sorted(reaches, key=lambda each: (each.calendar, each.due_from))),
        regions=frozenset(regions),
        every=every,
        carried=True,
    )


def _in_use(publications: Sequence[Publication]) -> Iterator[Publication]:
    """Those by which open clocks may be counted: the last one, and what clocks were kept under.

    What a policy kept, only another policy takes along.
    """
    for number in reversed(range(len(publications))):
        new = publications[number]
        yield new
        is_policy = number == 0 or new.policy is not publications[number - 1].policy
        if is_policy and new.running is not Running.KEEP:
            return


def _other_rules(old: Publication, new: Publication) -> Iterator[str]:
    for name in old.policy.clocks.keys() | new.policy.clocks.keys():
        if old.policy.clocks.get(name) != new.policy.clocks.get(name):
            yield name


def _can_begin(old: Publication, new: Publication, name: str) -> bool:
    """Whether cases that had no such clock may have one now."""
    before, after = old.policy.clocks.get(name), new.policy.clocks.get(name)
    return after is not None and (before is None or _choice(before) != _choice(after))


def _choice(rule: ClockRule) -> tuple[object, ...]:
    return rule.selects, rule.valid, rule.keyed, [(each.when, each.start) for each in rule.variants]


def _versions(old: Publication, new: Publication) -> Iterator[tuple[Calendar, Calendar]]:
    """The calendars of the same name in other versions."""
    now = {each.name: each for each in (*new.calendars.by_region.values(), new.calendars.default)}
    for before in {each.name: each for each in (*old.calendars.by_region.values(), old.calendars.default)}.values():
        after = now.get(before.name)
        if after is not None and after is not before:
            yield before, after


def _reaches(before: Calendar, after: Calendar) -> Iterator[Reach]:
    days = before.work.days_unlike(after.work)
    if days is None:
        yield Reach(before.name)
        return
    zone = before.work.zone
    if days:
        yield Reach(before.name, _begin(days[0], zone), _begin(days[-1] + 2 * ONE_DAY, zone))  # hours may pass midnight
    known = {before.work.known_until, after.work.known_until}
    if len(known) > 1:
        yield Reach(before.name, _begin(min(day for day in known if day is not None) + ONE_DAY, zone))


def _begin(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)
