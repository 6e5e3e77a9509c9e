"""Instants as a page shows them: short, with what they have in common said once. Pure."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from shared.kernel.instants import parse_instant

HOME_ZONE = "Asia/Shanghai"
"""The zone of the built-in calendar; written here because that calendar takes its time to be made."""


def when(instant: str) -> str:
    """An instant for people, with its offset."""
    there = parse_instant(instant)
    return f"{there:%a %Y-%m-%d %H:%M:%S} {_offset(there)}"


def at_home(instant: str) -> str:
    """The same instant, whole seconds, in the zone of the built-in calendar."""
    return parse_instant(instant).astimezone(ZoneInfo(HOME_ZONE)).replace(microsecond=0).isoformat()


class Times:
    """The instants of one page; `short` leaves out the year and the offset where all have the same."""

    def __init__(self, instants: Iterable[str | None]) -> None:
        there = [parse_instant(each) for each in instants if each]
        self._years = {each.year for each in there}
        self._offsets = {_offset(each) for each in there}

    def short(self, instant: str | None) -> str:
        """`11-23 06:27`; nothing for no instant."""
        if not instant:
            return ""
        there = parse_instant(instant)
        year = f"{there:%Y}-" if len(self._years) > 1 else ""
        offset = f" {_offset(there)}" if len(self._offsets) > 1 else ""
        return f"{year}{there:%m-%d %H:%M}{offset}"

    def note(self, lang: str = "en") -> str:
        """What the short instants leave out; empty when that is nothing."""
        if not self._years:
            return ""
        year = f"{next(iter(self._years))}" if len(self._years) == 1 else ""
        offset = next(iter(self._offsets)) if len(self._offsets) == 1 else ""
        if lang == "zh":
            return "时间：" + "，".join(part for part in (f"{year}年" if year else "", offset) if part)
        return "Times: " + ", ".join(part for part in (year, offset) if part)


def _offset(there: datetime) -> str:
    offset = there.strftime("%z")
    return f"{offset[:3]}:{offset[3:5]}"
