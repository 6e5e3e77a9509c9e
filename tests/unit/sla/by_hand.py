"""Every deadline worked out by hand, with its reckoning; run as a module, it writes them into the README."""

from pathlib import Path

from services.sla.domain.explain import explain
from services.sla.domain.words import explanation_words
from tests.unit.sla.by_hand_china import CHINA
from tests.unit.sla.by_hand_elsewhere import ELSEWHERE

README = Path(__file__).parents[3] / "services" / "sla" / "README.md"
BEGIN, END = "<!-- worked out by hand -->\n", "<!-- end -->\n"
EXAMPLES = [*CHINA, *ELSEWHERE]


def page() -> str:
    """What the README shows: the examples that are worth reading, with the engine's explanation of each."""
    lines = ["```text"]
    for example in EXAMPLES:
        if example.shown:
            words = explanation_words(explain(example.clock))
            lines += [example.title, f"    by hand   {example.because}", f"    explain   {words.en}", f"    {words.zh}"]
    return "\n".join([*lines, "```", ""])


def readme_with(text: str, page: str) -> str:
    """The README with this page in its place."""
    before, _, rest = text.partition(BEGIN)
    return before + BEGIN + page + END + rest.partition(END)[2]


if __name__ == "__main__":
    README.write_text(readme_with(README.read_text(encoding="utf-8"), page()), encoding="utf-8")
