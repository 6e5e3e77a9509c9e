"""Charts as SVG that stands in the page itself: no scripts, no fonts from elsewhere."""

import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from shared.cli.demo.tally import MESSAGE_STATES, Tally
from shared.cli.demo.words import place, read_words, word
from shared.kernel.errors import Misconfigured

if TYPE_CHECKING:
    from pygal.graph.graph import Graph

FONT: Final = "system-ui, 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', 'Noto Sans SC', sans-serif"
COLOURS: Final = ("#2f6f73", "#c8553d", "#d9a441", "#6b7a8f", "#8a5a83", "#4f8a5b")
BROKEN_COLOUR: Final = COLOURS[1]
STATE_COLOURS: Final = {
    "accepted": "#b9b2a6",
    "sent": "#2f6f73",
    "delivered": "#4f8a5b",
    "failed": "#b8412b",
    "expired": "#d9a441",
    "unknown": "#8a5a83",
}
MOST_SERIES: Final = 30
_NOT_DRAWN: Final = re.compile("<script.*?</script>|<!--.*?-->", re.DOTALL)
"""pygal's settings for its scripts, which the page does without, and its remarks."""
INK, GUIDE = "#33312e", "#e8e3d9"
HOURS: Final = range(24)
STATES: Final = (
    "registered handed_over investigating opinion_given agreed in_treatment checked resolved revisited closed withdrawn"
).split()


def cases_by_state(counted: Tally, lang: str) -> str:
    """How far the cases came."""
    states = [state for state in STATES if counted.case_states[state]]
    names = [word("state", state)[lang] for state in states]
    chart = _chart("HorizontalBar", names[::-1], show_legend=False, height=60 + 34 * len(states), **_room(lang))
    chart.add("", [counted.case_states[state] for state in reversed(states)])
    return _svg(chart)


def clocks_kept(counted: Tally, lang: str) -> str:
    """Of each clock, how many were kept and how many broken."""
    verdicts = counted.clock_verdicts()
    clocks = sorted(verdicts, key=lambda clock: sum(verdicts[clock].values()))
    names = [word("clock", clock)[lang] for clock in clocks]
    chart = _chart("HorizontalStackedBar", names, height=90 + 32 * len(clocks), **_room(lang))
    titles = read_words("sayings.yaml")["report"]
    for verdict in ("met", "late"):
        chart.add(titles[verdict][lang], _numbers(verdicts[clock][verdict] for clock in clocks))
    return _svg(chart)


def breaches(counted: Tally, lang: str) -> str:
    """Where and at which hour limits ran out."""
    found = counted.breaches_by_place_and_hour()
    chart = _chart(
        "Dot",
        [str(hour) for hour in HOURS],
        show_legend=False,
        height=90 + 40 * max(1, len(found)),
        print_values=False,
        style=_style(BROKEN_COLOUR),
        **_room(lang),
    )
    regions = sorted(found)
    chart.y_labels = [place(region)[lang] for region in regions]
    for region in regions:
        chart.add(place(region)[lang], [found[region][hour] for hour in HOURS])
    return _svg(chart)


def messages_by_channel(counted: Tally, lang: str) -> str:
    """What became of the messages on each channel."""
    found = counted.messages_by_channel()
    channels = sorted(found)
    states = [state for state in MESSAGE_STATES if any(found[channel][state] for channel in channels)]
    style = _style(*(STATE_COLOURS[state] for state in states or MESSAGE_STATES))
    names = [word("message_channel", channel)[lang] for channel in channels]
    chart = _chart("HorizontalStackedBar", names, height=100 + 56 * max(1, len(channels)), style=style)
    for state in states:
        chart.add(word("message_state", state)[lang], _numbers(found[channel][state] for channel in channels))
    return _svg(chart)


def _room(lang: str) -> dict[str, int]:
    """Chinese names at the left are wider than pygal reckons."""
    return {"margin_left": 56 if lang == "zh" else 8}


def _numbers(values: Iterable[int]) -> list[int | None]:
    """Nothing is drawn for nothing."""
    return [value or None for value in values]


def _chart(kind: str, labels: Sequence[str], **settings: Any) -> "Graph":
    options: Mapping[str, Any] = {
        "width": 640,
        "js": [],
        "disable_xml_declaration": True,
        "print_values": True,
        "legend_at_bottom": True,
        "show_y_guides": False,
        "margin": 8,
        "no_data_text": "–",
        "formatter": lambda value: f"{value:g}" if value else "",
        "style": _style(*COLOURS),
        **settings,
    }
    chart = getattr(_pygal(), kind)(**options)
    chart.x_labels = labels
    return chart


def _style(*colours: str) -> Any:
    from pygal.style import Style

    return Style(
        background="transparent",
        plot_background="transparent",
        foreground=INK,
        foreground_strong=INK,
        foreground_subtle=GUIDE,
        colors=colours * (MOST_SERIES // len(colours)),
        value_colors=("#fff",) * MOST_SERIES,
        guide_stroke_color=GUIDE,
        major_guide_stroke_color=GUIDE,
        guide_stroke_dasharray="none",
        major_guide_stroke_dasharray="none",
        font_family=FONT,
        label_font_size=14,
        major_label_font_size=14,
        value_font_size=13,
        legend_font_size=14,
        no_data_font_size=24,
        opacity=".92",
    )


def _svg(chart: "Graph") -> str:
    svg: str = chart.render(is_unicode=True)
    return _NOT_DRAWN.sub("", svg)


def _pygal() -> Any:
    try:
        import pygal
    except ImportError:
        raise Misconfigured(
            ["`aftercare demo` needs Faker and pygal; install them: pip install aftercare[demo]"]
        ) from None
    # Its hook for plugins speaks a protocol that Python has dropped: each later import here would warn of it.
    sys.meta_path[:] = [finder for finder in sys.meta_path if type(finder).__module__ != pygal.__name__]
    return pygal
