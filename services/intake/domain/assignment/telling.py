"""What a choice was made for, as it stands in the history and in answers."""

from typing import Any, Final

from services.intake.domain.assignment.choosing import BY_RULE, FALLBACK, NO_RULE, NOBODY, OTHERWISE, Choice

MOST_TOLD: Final = 20
"""People who are named in one reason: a role may have hundreds."""

_WORDS: Final = {
    BY_RULE: ("按规则 {rule}：{owner} 的在办工单最少", "by rule {rule}: {owner} has the fewest open cases"),
    OTHERWISE: ("规则 {rule} 的人员无法接手，转给 {owner}", "nobody of rule {rule} could take it, so {owner}"),
    FALLBACK: (
        "规则 {rule} 无人可接，兜底转给 {owner}",
        "nobody of rule {rule} could take it: the fallback, {owner}",
    ),
    NO_RULE: ("没有适用的规则", "no rule is for this case"),
    NOBODY: ("规则 {rule} 及兜底人员都无法接手", "neither rule {rule} nor the fallback has anybody who can take it"),
}


def told(choice: Choice, version: int) -> dict[str, Any]:
    """The reason: rule and version, candidates with their load, who was passed over and why, and a sentence."""
    words = {"rule": choice.rule or "", "owner": choice.owner or ""}
    zh, en = (text.format(**words) for text in _WORDS[choice.way])
    reason: dict[str, Any] = {
        "rules_version": version,
        "way": choice.way,
        "candidates": [
            {"who": each.who, "open": each.open, "capacity": each.capacity} for each in choice.candidates[:MOST_TOLD]
        ],
        "passed_over": [{"who": each.who, "why": each.why} for each in choice.passed[:MOST_TOLD]],
        "text": {"zh": zh, "en": en},
    }
    return reason | ({"rule": choice.rule} if choice.rule else {})
