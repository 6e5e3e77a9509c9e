"""The command: options, order of things, exit code."""

import signal
import time
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.text import Text

from shared.base.people import load_people
from shared.cli.demo.cases import made_cases
from shared.cli.demo.cast import Cast
from shared.cli.demo.desk import Memory
from shared.cli.demo.director import Director
from shared.cli.demo.letters import read_letters
from shared.cli.demo.machines import machines
from shared.cli.demo.narrator import Narrator
from shared.cli.demo.people import Crowd
from shared.cli.demo.report import Run, render
from shared.cli.demo.stage import Stage, fresh_folder
from shared.cli.demo.story import read_story
from shared.cli.demo.summary import ask_services, differences, table
from shared.cli.demo.tally import tally
from shared.cli.demo.teller import Teller
from shared.cli.demo.words import LANGUAGES
from shared.cli.output import console, say, show
from shared.kernel.errors import Invalid

DEFAULT_DATA: Final = Path("var/demo")
MOST_CASES: Final = 2000
MOST_MACHINES: Final = 6
CASES_A_MACHINE: Final = 25

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
    signal.signal(signal.SIGTERM, _interrupt)
    signal.signal(signal.SIGHUP, _interrupt)
    _play(data, lang, seed, cases)


def _interrupt(*_signal: Any) -> None:
    raise KeyboardInterrupt


def _play(data: Path, lang: str, seed: int, cases: int) -> None:
    begun = time.monotonic()
    people = load_people()
    crowd = Crowd(seed, avoid=[person.name for person in people.everybody])
    story = read_story(crowd)
    made = made_cases(seed, cases, crowd, story.cases_from, story.case_days)
    park = machines(seed, min(MOST_MACHINES, cases // CASES_A_MACHINE), crowd, story.begin)
    memory = Memory()
    cast = Cast(story.labels, memory)
    fresh_folder(data)
    with Teller(console(), Narrator(people), cast.label_of, lang) as teller:
        teller.busy("starting")
        with Stage(data, story.begin) as stage:
            teller.busy("running")
            director = Director(stage, story, made, park, teller, cast, seed)
            desk = director.run()
            director.journal.write(data / "journal.jsonl")
            with stage.suite.rpc() as rpc:
                answered = ask_services(rpc)
            teller.busy("stopping")
    run = Run(director.journal, read_letters(data / "spool"), story, people, len(made), seed)
    (data / "report.html").write_text(render(run, lang), encoding="utf-8")
    counted = tally(director.journal)
    say("")
    show(table(counted, lang))
    wrong = differences(counted, answered)
    wrong += [f"refused: {each.act.method} for {each.act.label}: {each.why}" for each in desk.refusals]
    for each in wrong[:20]:
        show(Text(each, "red"))
    say(f"{time.monotonic() - begun:.0f} s; {data / 'report.html'}")
    if wrong:
        raise typer.Exit(1)
