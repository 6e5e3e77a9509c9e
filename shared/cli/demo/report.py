"""The report: one page without network, from the journal and the spool folder."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from shared.base.people import People
from shared.cli.demo import charts
from shared.cli.demo.calendar import Month, months
from shared.cli.demo.cast import Cast
from shared.cli.demo.desk import Memory
from shared.cli.demo.journal import Journal
from shared.cli.demo.letters import Letter
from shared.cli.demo.narrator import Line, Narrator
from shared.cli.demo.story import Scene, Story
from shared.cli.demo.summary import rows
from shared.cli.demo.tally import Tally, tally
from shared.cli.demo.words import ZONE, day, moment, read_words, word

PASSING: Final = "message.accepted.v1"
"""Each is followed by what became of the message, which says more."""
TEMPLATE: Final = Path(__file__).with_name("report.html")


@dataclass(frozen=True)
class Run:
    """What a report is about."""

    journal: Journal
    letters: Sequence[Letter]
    story: Story
    people: People
    made: int
    seed: int


@dataclass(frozen=True)
class Thread:
    """One scene with its time line, and the messages that went out about it."""

    scene: Scene
    lines: tuple[Line, ...]
    letters: tuple[Letter, ...]


@dataclass(frozen=True)
class DayOfLetters:
    """What went out on one day."""

    date: date
    letters: tuple[Letter, ...]


def render(run: Run, lang: str) -> str:
    """The page; everything that came from outside is escaped."""
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters |= {
        "moment": lambda instant: moment(instant, lang),
        "clock": lambda instant: f"{instant.astimezone(ZONE):%H:%M}",
        "day": lambda when: day(when, lang),
        "channel": lambda name: word("message_channel", name)[lang],
    }
    template = environment.from_string(TEMPLATE.read_text(encoding="utf-8"))
    return template.render(_context(run, tally(run.journal), lang))


def _context(run: Run, counted: Tally, lang: str) -> Mapping[str, Any]:
    story = run.story
    lead = {"made": run.made, "begin": moment(story.begin, lang), "until": moment(story.until, lang)}
    return {
        "lang": lang,
        "say": {name: text[lang] for name, text in read_words("sayings.yaml")["report"].items()},
        "lead": lead,
        "seed": run.seed,
        "rows": rows(counted),
        "threads": list(threads(run)),
        "charts": [(name, Markup(svg)) for name, svg in _charts(counted, lang)],
        "months": _sheets(run.journal, lang),
        "changes": [(name, text[lang]) for name, text in read_words("sayings.yaml")["order_changes"].items()],
        "weekdays": read_words("sayings.yaml")["weekdays"][lang],
        "days": list(days_of(run.letters)),
        "letters": len(run.letters),
    }


def _charts(counted: Tally, lang: str) -> Iterator[tuple[str, str]]:
    yield "cases_by_state", charts.cases_by_state(counted, lang)
    yield "clocks_kept", charts.clocks_kept(counted, lang)
    yield "breaches", charts.breaches(counted, lang)
    yield "messages_by_channel", charts.messages_by_channel(counted, lang)


def threads(run: Run) -> Iterator[Thread]:
    """The story's scenes, told from the journal."""
    cast, narrator = Cast(run.story.labels, Memory()), Narrator(run.people)
    lines: dict[str, list[Line]] = {}
    numbers: dict[str, set[str]] = {}
    for heard in run.journal:
        cast.meet(heard)
        label = cast.label_of(heard)
        if label is None or heard.is_alert or heard.type == PASSING:
            continue
        lines.setdefault(label, []).append(narrator.line(heard))
        numbers.setdefault(label, set()).update(filter(None, (heard.case_no, heard.order_no)))
    texts = [letter.closed_up for letter in run.letters]
    for scene in run.story.scenes:
        told = sorted(lines.get(scene.label, ()), key=lambda line: line.at)
        wanted = [number.replace("-", "") for number in numbers.get(scene.label, ())]
        about = [each for each, text in zip(run.letters, texts, strict=True) if any(one in text for one in wanted)]
        yield Thread(scene, tuple(told), tuple(about))


def days_of(letters: Sequence[Letter]) -> Iterator[DayOfLetters]:
    """Messages by the day on which they went out."""
    for when, group in groupby(letters, key=lambda letter: letter.at.astimezone(ZONE).date()):
        yield DayOfLetters(when, tuple(group))


def _sheets(journal: Journal, lang: str) -> list[tuple[str, Month]]:
    return [(_month(sheet.first, lang), sheet) for sheet in months(journal)]


def _month(first: date, lang: str) -> str:
    return f"{first.year}年{first.month}月" if lang == "zh" else f"{first:%B %Y}"
