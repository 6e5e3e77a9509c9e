"""The places of a message in a provider's request; what is put there can never break out of its place."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final
from urllib.parse import quote, urlencode

from services.notify.domain.provider import Outgoing
from shared.kernel.contacts import national_number

PLACES: Final = ("to", "to_digits", "to_national", "text", "reference")
HEADER_PLACES: Final = ("reference",)
"""In a header only what we wrote ourselves."""
ASK_PLACES: Final = ("reference",)

_PLACE: Final = re.compile(r"\{(\w+)\}")

Values = Mapping[str, str]


def values_of(message: Outgoing) -> Values:
    """What stands for each place."""
    return {
        "to": message.to,
        "to_digits": message.to.removeprefix("+"),
        "to_national": national_number(message.to),
        "text": message.text,
        "reference": message.reference,
    }


def unknown_places(template: Any, known: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Each place that is none, with the path to it inside the template."""
    for path, text in _texts(template):
        yield from ((path, name) for name in _PLACE.findall(text) if name not in known)


def has_place(template: Any, name: str) -> bool:
    """Whether the template uses it."""
    return any(name in _PLACE.findall(text) for _, text in _texts(template))


def fill(template: Any, values: Values) -> Any:
    """A copy with every place filled; the shape stays, so a value stays a value."""
    if isinstance(template, str):
        return _fill(template, values, str)
    if isinstance(template, Mapping):
        return {key: fill(inner, values) for key, inner in template.items()}
    if isinstance(template, list):
        return [fill(inner, values) for inner in template]
    return template


def fill_url(template: str, values: Values) -> str:
    """The URL with every value quoted."""
    return _fill(template, values, lambda value: quote(value, safe=""))


def json_body(template: Any, values: Values) -> bytes:
    """A JSON body."""
    return json.dumps(fill(template, values), ensure_ascii=False).encode()


def form_body(template: Mapping[str, str], values: Values) -> bytes:
    """A form's body."""
    return urlencode({name: _fill(str(text), values, str) for name, text in template.items()}).encode()


def _fill(template: str, values: Values, shown: Callable[[str], str]) -> str:
    return _PLACE.sub(lambda place: shown(values[place[1]]), template)


def _texts(template: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(template, str):
        yield path, template
    elif isinstance(template, Mapping):
        for key, inner in template.items():
            yield from _texts(inner, f"{path}.{key}" if path else str(key))
    elif isinstance(template, list):
        for index, inner in enumerate(template):
            yield from _texts(inner, f"{path}.{index}" if path else str(index))
