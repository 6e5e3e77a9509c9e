"""What a team's queue is bound to: the broker knows no least severity, so each severity has a key of its own (NO-4)."""

from collections.abc import Iterator, Sequence
from itertools import takewhile

from shared.kernel.vocabulary import SEVERITIES

_ALL = "#"
_ONE = "*"
_SEVERITY_AT = 2
"""The place of the severity in `alert.<kind>.<severity>.<region>`."""


def bindings(pattern: str, min_severity: str) -> tuple[str, ...]:
    """Keys that together hear what the pattern hears, of this severity or a graver one; none where that is nothing."""
    if min_severity == SEVERITIES[0]:
        return (pattern,)
    wanted = SEVERITIES[SEVERITIES.index(min_severity) :]
    found = [key for words in _opened(_plain(pattern), _SEVERITY_AT + 1) for key in _of_severities(words, wanted)]
    return tuple(dict.fromkeys(found))


def every_binding(pattern: str) -> frozenset[str]:
    """Every key that a subscription to this pattern may ever have been bound by."""
    return frozenset(key for severity in SEVERITIES for key in bindings(pattern, severity))


def head_of(pattern: str) -> str:
    """The region in or below which lies every alert that the pattern takes; nothing where that may be any region."""
    words = pattern.split(".")
    before = words[: _SEVERITY_AT + 1]
    if _ALL in before:
        return ""
    return ".".join(takewhile(lambda word: word not in (_ALL, _ONE), words[len(before) :]))


def heads_for(alert_key: str) -> list[str]:
    """The heads of all patterns that can take an alert with this key."""
    region = alert_key.split(".")[_SEVERITY_AT + 1 :]
    return [".".join(region[:length]) for length in range(len(region) + 1)]


def _plain(pattern: str) -> list[str]:
    """The pattern's words; any number of words twice in a row is any number of words."""
    words = pattern.split(".")
    return [word for at, word in enumerate(words) if not (word == _ALL and words[at - 1 : at] == [_ALL])]


def _opened(words: Sequence[str], count: int) -> Iterator[list[str]]:
    """The pattern in all the ways in which its first `count` words are words of their own."""
    if count == 0:
        yield list(words)
    elif words and words[0] == _ALL:
        yield from _opened(words[1:], count)
        yield from ([_ONE, *rest] for rest in _opened(words, count - 1))
    elif words:
        yield from ([words[0], *rest] for rest in _opened(words[1:], count - 1))


def _of_severities(words: Sequence[str], wanted: Sequence[str]) -> Iterator[str]:
    for severity in wanted:
        if words[_SEVERITY_AT] in (_ONE, severity):
            yield ".".join([*words[:_SEVERITY_AT], severity, *words[_SEVERITY_AT + 1 :]])
