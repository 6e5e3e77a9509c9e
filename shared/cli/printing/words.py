"""The words of a printed form: Chinese, English, or both beside each other. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Final

from shared.cli.telling import LANGUAGES, Wire
from shared.cli.terms import EN, FACTS, LABELS, STATES, VALUES, ZH, term
from shared.kernel.instants import RFC_3339, parse_instant

NOTHING: Final = "–"


class Tongue(StrEnum):
    """In which language a form is printed."""

    ZH = ZH
    EN = EN
    BOTH = "both"


@dataclass(frozen=True)
class Words:
    """How this form names things."""

    tongue: str = Tongue.BOTH
    departments: Mapping[str, str] = field(default_factory=dict)
    """The names of departments by their codes, in the words of the form."""

    def knowing(self, case: Wire) -> "Words":
        """The same words with the names of the departments that the case tells of."""
        analysis = (case.get("handling") or {}).get("analysis") or {}
        owing = [each["owed_by"] for each in case.get("tasks", []) if "department" in each["owed_by"]]
        told = [*analysis.get("asked", []), *analysis.get("departments", []), *owing]
        names = {each["department"]: self._name_of(each["name"]) for each in told}
        return replace(self, departments=names)

    def _name_of(self, name: Wire) -> str:
        zh, en = name.get("zh") or name["en"], name.get("en") or name["zh"]
        return zh if zh == en else self.say(zh, en)

    def say(self, zh: str, en: str) -> str:
        """A sentence or a title."""
        return {ZH: zh, EN: en}.get(self.tongue, f"{zh} {en}")

    def label(self, name: str) -> str:
        """The name of a field, of a part of one by its parts."""
        return ".".join(self._of(part, LABELS) for part in name.removeprefix("set.").split("."))

    def fact(self, name: str) -> str:
        """What happened."""
        return self._of(name, FACTS)

    def state(self, name: str) -> str:
        """Where a case stands."""
        return self._of(name, STATES)

    def value(self, value: Any) -> str:
        """A value as it is read: words of the suite by their names, instants without their letter T."""
        if value is None or value == "":
            return NOTHING
        if isinstance(value, bool):
            return self._of("yes" if value else "no", VALUES)
        if isinstance(value, Mapping):
            if value.keys() == LANGUAGES:
                return self._name_of(value)
            return ", ".join(f"{self.label(name)} {self.value(each)}" for name, each in value.items())
        if isinstance(value, list | tuple):
            return "; ".join(self.value(each) for each in value)
        if isinstance(value, str) and RFC_3339.fullmatch(value):
            return moment(value)
        return self._of(value, VALUES) if value in VALUES else self.departments.get(str(value), str(value))

    def _of(self, name: str, among: Mapping[str, str]) -> str:
        english = name.replace("_", " ")
        chinese = term(name, ZH, among)
        return english if chinese == name else self.say(chinese, english)


def moment(instant: str) -> str:
    """`2026-10-09 22:00:05 +08:00`."""
    there = parse_instant(instant)
    offset = there.strftime("%z")
    return f"{there:%Y-%m-%d %H:%M:%S} {offset[:3]}:{offset[3:5]}"
