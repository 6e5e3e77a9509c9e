"""`aftercare subscribe`: a regional team reads its alerts from its own queue (NO-4, contracts 6)."""

import itertools
import sys
from contextlib import closing, suppress
from enum import StrEnum
from typing import Annotated

import typer

from shared.cli.alert_feed import AT_ONCE, AlertFeed, Delivery
from shared.cli.alert_page import alert_lines
from shared.cli.options import DEFAULT_DATA, AsJson, Data
from shared.cli.suite import Suite
from shared.events import Envelope
from shared.kernel.alert_topics import parse_pattern, parse_team
from shared.kernel.errors import Invalid, Undecodable


class Language(StrEnum):
    """In which an alert's text is shown."""

    ZH = "zh"
    EN = "en"


Team = Annotated[str, typer.Option("--team", help="The team; its queue is alerts.TEAM.")]
Pattern = Annotated[
    list[str] | None,
    typer.Option(
        "--pattern",
        help="What to hear: alert.KIND.SEVERITY.REGION, where * is one word and # any number. "
        "May be given again. Without it, what the team is bound to already.",
    ),
]
AmqpUri = Annotated[
    str | None,
    typer.Option("--amqp-uri", envvar="AFTERCARE_ALERTS_URI", help="The broker, where no suite runs on this machine."),
]
Lang = Annotated[Language, typer.Option("--lang", help="The language of the texts.")]
Count = Annotated[int | None, typer.Option("--count", min=1, help="End after this many alerts.")]
Once = Annotated[bool, typer.Option("--once", help="End after one alert.")]


def subscribe(  # noqa: PLR0913 - one for each option
    team: Team,
    pattern: Pattern = None,
    data: Data = DEFAULT_DATA,
    amqp_uri: AmqpUri = None,
    lang: Lang = Language.EN,
    as_json: AsJson = False,
    count: Count = None,
    once: Once = False,
) -> None:
    """Read a team's alerts as they come, until Ctrl-C.

    The queue is durable: what comes while nobody reads waits there.
    An alert is taken off once it is printed, so after a crash the last one may come again.
    A broker that goes away is waited for.

    \b
    Examples:
      aftercare subscribe --team south-desk --pattern 'alert.*.*.south.#'
      aftercare subscribe --team recall --pattern 'alert.recurrence.#' --pattern 'alert.*.critical.#' --lang zh
      aftercare subscribe --team south-desk --once --json
      aftercare subscribe --team south-desk --amqp-uri amqps://south:secret@broker.example.com:5671/aftercare
    """
    wanted = 1 if once else count
    feed = AlertFeed(
        lambda: amqp_uri or Suite.at(data).amqp_uri, parse_team(team, "--team"), _patterns(pattern), wanted or AT_ONCE
    )
    deliveries = feed.deliveries()
    with closing(deliveries), suppress(KeyboardInterrupt):
        for _ in range(wanted) if wanted else itertools.count():
            while not _printed(next(deliveries), lang, as_json):
                pass


def _patterns(given: list[str] | None) -> list[str]:
    """Every wrong one is named at once."""
    wrong: list[str] = []
    for each in given or []:
        try:
            parse_pattern(each, each)
        except Invalid as error:
            wrong += error.detail[each]
    if wrong:
        raise Invalid("a pattern is wrong", {"--pattern": wrong})
    return given or []


def _printed(delivery: Delivery, language: Language, as_json: bool) -> bool:
    """Whether it is an alert: printed first, then taken off the queue; anything else goes to the dead letters."""
    try:
        envelope = Envelope.from_bytes(delivery.body)
        shown = envelope.to_bytes().decode() if as_json else alert_lines(envelope, language)
    except Undecodable as error:
        sys.stderr.write(f"aftercare: a message that is no alert was put aside: {error}\n")
        delivery.refuse()
        return False
    sys.stdout.write(f"{shown}\n")
    sys.stdout.flush()
    delivery.take()
    return True
