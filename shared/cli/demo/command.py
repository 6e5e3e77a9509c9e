"""The command: options, order of things, exit code."""

import signal
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from shared.base.people import People, load_people
from shared.cli.demo import privacy
from shared.cli.demo.acts import Act
from shared.cli.demo.cases import MadeCase, made_cases
from shared.cli.demo.cast import Cast
from shared.cli.demo.desk import Memory, Refusal
from shared.cli.demo.director import Director
from shared.cli.demo.journal import Journal
from shared.cli.demo.letters import read_letters
from shared.cli.demo.machines import machines
from shared.cli.demo.narrator import Narrator
from shared.cli.demo.people import Crowd, Person
from shared.cli.demo.report import Run, render
from shared.cli.demo.stage import Stage, fresh_folder
from shared.cli.demo.story import Story, read_story
from shared.cli.demo.summary import Answered, ask_services, differences, table
from shared.cli.demo.tally import Tally, tally
from shared.cli.demo.teller import Teller
from shared.cli.demo.words import LANGUAGES, read_words
from shared.cli.output import console, say, show
from shared.kernel.errors import Invalid

DEFAULT_DATA: Final = Path("var/demo")
MOST_CASES: Final = 2000
MOST_MACHINES: Final = 4
CASES_A_MACHINE: Final = 30
ANSWER_SECONDS: Final = 30.0
SHOWN: Final = 20
"""Problems that are printed; all of them are counted."""

Data = Annotated[Path, typer.Option("--data", metavar="DIR", help="A folder for the demo; an old demo's is replaced.")]
Lang = Annotated[str, typer.Option("--lang", metavar="en|zh", help="The language of time line and report.")]
Seed = Annotated[int, typer.Option("--seed", metavar="N", help="Another seed makes other cases up.")]
Cases = Annotated[int, typer.Option("--cases", metavar="N", min=0, max=MOST_CASES, help="How many to make up.")]


def demo(data: Data = DEFAULT_DATA, lang: Lang = "en", seed: Seed = 1, cases: Cases = 300) -> None:
    """Play a story and some hundred made-up cases through all five services, and leave a report.

    It starts a suite of its own under a fast clock, tells what happens, counts, and stops everything it started.
    Nothing leaves this machine: messages go to DIR/spool, nobody in the story exists.

    \b
    Examples:
      aftercare demo
      aftercare demo --lang zh
      aftercare demo --cases 50 --seed 7 --data /tmp/demo
    """
    if lang not in LANGUAGES:
        raise Invalid.field("--lang", f"must be one of: {', '.join(LANGUAGES)}")
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, _interrupt)
    begun = time.monotonic()
    script = _write(seed, cases)
    played = _play(script, data, lang)
    counted = tally(played.journal)
    played.journal.write(data / "journal.jsonl")
    run = Run(played.journal, read_letters(data / "spool"), script.story, script.people, len(script.made), seed)
    (data / "report.html").write_text(render(run, lang), encoding="utf-8")
    show(table(counted, lang))
    problems = _problems(script, played, counted, data)
    for each in problems[:SHOWN]:
        say(f"wrong: {each}")
    words = read_words("sayings.yaml")["wrong" if problems else "right"][lang]
    say(words.format(count=len(problems), seconds=time.monotonic() - begun, report=data / "report.html"))
    if problems:
        raise typer.Exit(1)


def _interrupt(*_signal: Any) -> None:
    raise KeyboardInterrupt


@dataclass(frozen=True)
class Script:
    """Everything that is decided before the suite starts."""

    people: People
    story: Story
    made: Sequence[MadeCase]
    machines: Sequence[Act]
    seed: int

    @property
    def customers(self) -> list[Person]:
        """Everybody who must be found in no log."""
        made = [each.person for each in self.made if each.person]
        return [scene.person for scene in self.story.scenes] + made


@dataclass(frozen=True)
class Played:
    """What came of it."""

    journal: Journal
    answered: Answered
    metrics: Mapping[str, str]
    refusals: Sequence[Refusal]


def _write(seed: int, cases: int) -> Script:
    people = load_people()
    crowd = Crowd(seed, avoid=[person.name for person in people.everybody])
    story = read_story(crowd)
    made = made_cases(seed, cases, crowd, story.cases_from, story.case_days)
    count = min(MOST_MACHINES, cases // CASES_A_MACHINE)
    return Script(people, story, made, machines(seed, count, crowd, story.begin), seed)


def _play(script: Script, data: Path, lang: str) -> Played:
    fresh_folder(data)
    memory = Memory()
    cast = Cast(script.story.labels, memory)
    with Teller(console(), Narrator(script.people), cast.label_of, lang) as teller:
        teller.busy("starting")
        with Stage(data, script.story.begin) as stage:
            teller.busy("running")
            director = Director(stage, script.story, script.made, script.machines, teller, cast, script.seed)
            desk = director.run()
            with stage.suite.rpc(ANSWER_SECONDS) as rpc:
                answered = ask_services(rpc)
            pages = privacy.metrics(stage.suite.http)
            teller.busy("stopping")
    return Played(director.journal, answered, pages, desk.refusals)


def _problems(script: Script, played: Played, counted: Tally, data: Path) -> list[str]:
    """What must not be: figures that contradict each other, requests refused, personal data where none belongs."""
    places = {**played.metrics, **privacy.logs(data), **privacy.alerts(played.journal)}
    return [
        *differences(counted, played.answered),
        *(f"{each.act.method} about {each.act.label} was refused: {each.why}" for each in played.refusals),
        *privacy.leaks(places, privacy.secrets_of(script.customers)),
    ]
