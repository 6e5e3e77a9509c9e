"""Telling a run while it goes: the story line by line, of everything else a running count."""

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime
from typing import Final

from rich.console import Console
from rich.status import Status
from rich.text import Text

from shared.cli.demo.journal import Heard
from shared.cli.demo.narrator import Line, Narrator
from shared.cli.demo.words import ZONE, Words, day, moment, read_words

TONES: Final = {"good": "green", "bad": "bold red", "warn": "yellow", "plain": "default"}
COUNTED: Final = {
    "case.registered.v1": "registered",
    "case.resolved.v1": "resolved",
    "clock.warned.v1": "warned",
    "clock.breached.v1": "breached",
    "escalation.step_reached.v1": "steps",
    "message.accepted.v1": "messages",
}
"""What is counted of the other cases, and the word for it in sayings.yaml."""

LabelOf = Callable[[Heard], str | None]


class Teller:
    """Prints the time line; on a terminal the count stands below it, in a pipe it comes once a day."""

    def __init__(self, console: Console, narrator: Narrator, label_of: LabelOf, lang: str) -> None:
        self._console = console
        self._narrator = narrator
        self._label_of = label_of
        self._lang = lang
        self._says = read_words("sayings.yaml")
        self._status: Status | None = console.status("") if console.is_terminal else None
        self._counts: Counter[str] = Counter()
        self._scenes = 0
        self._day: date | None = None
        self._others: Counter[str] = Counter()

    def __enter__(self) -> "Teller":
        if self._status:
            self._status.start()
        return self

    def __exit__(self, *_error: object) -> None:
        if self._status:
            self._status.stop()

    def busy(self, what: str) -> None:
        """Say what takes a while."""
        text = self._says[what][self._lang]
        if self._status:
            self._status.update(text)
        else:
            self._console.print(Text(text, "dim"), soft_wrap=True)

    def scene(self, title: Words, about: Words) -> None:
        """A part of the story begins."""
        self._scenes += 1
        self._console.print()
        self._console.print(Text(f"{self._scenes}. {title[self._lang]}", "bold cyan"), soft_wrap=True)
        self._console.print(Text(f"  {about[self._lang]}", "dim"), soft_wrap=True)

    def hear(self, heard: Heard) -> None:
        """Tell an event of the story; count any other."""
        if heard.is_alert:
            return
        label = self._label_of(heard)
        if label is None:
            if heard.type in COUNTED:
                self._others[COUNTED[heard.type]] += 1
            return
        line = self._narrator.line(heard)
        if not line.aside:
            self._print(label, line)

    def at(self, now: datetime) -> None:
        """The clock has moved: show the count."""
        today = now.astimezone(ZONE).date()
        if self._status:
            self._status.update(Text(f"{moment(now, self._lang)}  {self._count()}"))
        elif self._day is not None and today != self._day and self._others != self._counts:
            self._counts = self._others.copy()
            self._console.print(Text(f"{day(self._day, self._lang)}  … {self._count()}", "dim"), soft_wrap=True)
        self._day = today

    def _count(self) -> str:
        parts = [f"{self._others[name]} {self._says['counts'][name][self._lang]}" for name in COUNTED.values()]
        return f"{self._says['others'][self._lang]}{', '.join(parts)}"

    def _print(self, label: str, line: Line) -> None:
        text = Text.assemble(
            (f"{moment(line.at, self._lang)}  ", "dim"),
            (f"{self._says['cast'][label][self._lang]}  ", "cyan"),
            (line.text[self._lang], TONES[line.tone]),
        )
        self._console.print(text, soft_wrap=True)
