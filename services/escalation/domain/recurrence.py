"""Cases alike that pile up in a region (ES-6): a plain threshold within a window, as a pure function."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.escalation.domain.alerts import Pile
from services.escalation.domain.policy import PileRule
from shared.kernel.regions import is_within, upwards


@dataclass(frozen=True, slots=True)
class Registered:
    """A case of the kind that is counted: where and when it came in."""

    case_no: str
    region: str
    at: datetime


def fullest(instants: Iterable[datetime], window: timedelta) -> tuple[int, datetime | None]:
    """The most of these instants that lie within one window, and the first of them; of several windows the earliest."""
    ordered = sorted(instants)
    most, since, begin = 0, None, 0
    for end, at in enumerate(ordered):
        while at - ordered[begin] > window:
            begin += 1
        if end - begin + 1 > most:
            most, since = end - begin + 1, ordered[begin]
    return most, since


def pile(rule: PileRule, alike: Sequence[Registered], newest: Registered, named: tuple[str, str]) -> Pile | None:
    """The pile that the newest case makes full: in the smallest region around it that has enough of them.

    `alike` are the cases with the product and category `named`, the newest among them; only those within a window
    of it count. The regions above hear it too: their patterns take in everything below.
    """
    window = rule.window.elapsed
    near = [each for each in alike if abs(each.at - newest.at) <= window]
    for region in upwards(newest.region):
        count, since = fullest((each.at for each in near if is_within(each.region, region)), window)
        if since is not None and count >= rule.threshold:
            product, category = named
            return Pile(region=region, count=count, since=since, product=product, category=category)
    return None
