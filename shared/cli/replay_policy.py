"""`aftercare replay-policy`: a policy tried on past cases before it is switched on."""

import json
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from shared.base.yaml_file import read_yaml
from shared.cli.cases.language import EN, Lang
from shared.cli.options import DEFAULT_DATA, AsJson, Data, with_fields
from shared.cli.output import show, show_json
from shared.cli.problems import in_words_of
from shared.cli.replay_page import replay_page
from shared.cli.rpc import Answer, Rpc
from shared.cli.sla.given import OPTIONS, PAST, SECONDS, asked
from shared.cli.suite import Suite
from shared.kernel.errors import Invalid

MOST_TURNED = 1000
"""So many clocks are told one by one; all of them are counted."""

File = Annotated[Path, typer.Argument(metavar="NEW.yaml", help="The policy to try.")]
Step = Callable[[int, int], None]


@with_fields(PAST)
def replay_policy(
    file: File, data: Data = DEFAULT_DATA, as_json: AsJson = False, lang: Lang = EN, **given: Any
) -> None:
    """Try a policy on the cases received in a time, beside the one in force; nothing is changed.

    Tells clocks, warnings and overruns by clock and by owner, and which clocks would have turned out otherwise.

    \b
    Examples:
      aftercare replay-policy stricter.yaml --from 2026-07-01 --to 2026-10-01
      aftercare replay-policy stricter.yaml --from 2026-01-01 \\
        --to 2027-01-01 --region south --json
    """
    request = asked(given) | {"policy": _plain(read_yaml(file))}
    with Suite.at(data).rpc(SECONDS) as rpc, _bar(quiet=as_json) as bar:
        task = bar.add_task(file.name, total=None)
        try:
            told = replayed(rpc, request, lambda done, total: bar.update(task, completed=done, total=total))
        except Invalid as error:
            raise in_words_of(error, OPTIONS | {"policy": str(file)}) from None
    if as_json:
        show_json(told)
    else:
        show(replay_page(told, lang.value))


def replayed(rpc: Rpc, request: Mapping[str, Any], step: Step) -> Answer:
    """The sums of all pages; `step` hears how many cases are done, of how many."""
    sums = _Sums()
    page: dict[str, Any] = {}
    while True:
        answer = rpc.call("sla.replay_policy", {**request, **page})
        sums.add(answer)
        step(sums.cases, sums.total)
        if "next" not in answer:
            return sums.told()
        page = {"after": answer["next"]}


class _Sums:
    def __init__(self) -> None:
        self.cases = self.total = 0
        self.by: dict[str, dict[str, dict[str, Counter[str]]]] = {"clock": {}, "owner": {}}
        self.turned: list[Answer] = []
        self.counts = Counter({"saved": 0, "newly_overrun": 0})

    def add(self, answer: Answer) -> None:
        """One page more."""
        self.cases += answer["cases"]
        self.total = answer.get("total", self.total)
        for what, rows in (("clock", answer["clocks"]), ("owner", answer["owners"])):
            for row in rows:
                sides = self.by[what].setdefault(row[what], {"present": Counter(), "proposed": Counter()})
                for side, figures in sides.items():
                    figures.update(row[side])
        self.counts.update("saved" if each["saved"] else "newly_overrun" for each in answer["turned"])
        self.turned += answer["turned"][: MOST_TURNED - len(self.turned)]

    def told(self) -> Answer:
        """The whole."""
        return {
            "cases": self.cases,
            **self.counts,
            "clocks": [{"clock": name, **_plain(self.by["clock"][name])} for name in sorted(self.by["clock"])],
            "owners": [
                {"owner": name, **_plain(self.by["owner"][name])}
                for name in sorted(self.by["owner"], key=lambda name: name or "")
            ],
            "turned": self.turned,
        }


def _plain(value: Any) -> Any:
    """As JSON: the dates of a YAML file become text."""
    return json.loads(json.dumps(value, default=str))


def _bar(*, quiet: bool) -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    # On standard error: standard output is for the report.
    return Progress(*columns, console=Console(file=sys.stderr), disable=quiet or not sys.stderr.isatty())
