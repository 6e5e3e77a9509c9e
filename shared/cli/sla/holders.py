"""`aftercare sla holders`."""

from rich.console import Group, RenderableType
from rich.text import Text

from shared.cli.cases.language import EN, Lang
from shared.cli.cases.look import Wire
from shared.cli.cases.numbers import case_number, with_remedy
from shared.cli.cases.show import CaseNo
from shared.cli.durations import working_hours
from shared.cli.options import DEFAULT_DATA, AsJson, Data
from shared.cli.output import show, show_json, table
from shared.cli.sla.statistics_page import TITLES, title
from shared.cli.suite import Suite
from shared.cli.terms import VALUES, ZH, term
from shared.cli.times import Times
from shared.kernel.errors import NotFound


def holders(number: CaseNo, data: Data = DEFAULT_DATA, as_json: AsJson = False, lang: Lang = EN) -> None:
    """Show who held a case, from when to when, and how much working time that was.

    \b
    Examples:
      aftercare sla holders 123456789012
      aftercare sla holders 123456789012 --lang zh
    """
    try:
        told = Suite.at(data).call("sla.time_by_holder", {"case_no": case_number(number)})
    except NotFound as error:
        raise with_remedy(error) from None
    if as_json:
        show_json(told)
    else:
        show(holders_page(told, lang.value))


def holders_page(told: Wire, lang: str) -> RenderableType:
    """One row for each time, and the whole."""
    times = Times([each[name] for each in told["times"] for name in ("from", "to")])
    rows = [
        [
            times.short(each["from"]),
            times.short(each["to"]),
            term(each["holder"], lang, TITLES),
            each.get("owner", ""),
            term(each.get("department", ""), lang, TITLES),
            term(each["region"], lang, VALUES),
            working_hours(each["working_seconds"], lang),
        ]
        for each in told["times"]
    ]
    titles = [
        title(name, lang) for name in ("from", "to", "holder", "owner", "department", "region", "working_seconds")
    ]
    whole = working_hours(told["working_seconds"], lang)
    whole = f"合计工作时间{whole}" if lang == ZH else f"{whole} of working time in all"
    return Group(table(*titles, rows=rows), Text(whole), Text(times.note(lang), "dim"))
