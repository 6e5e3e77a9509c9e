"""Texts for people."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """A text in both languages."""

    zh: str
    en: str

    def to_json(self) -> dict[str, str]:
        """As it goes on the wire."""
        return {"zh": self.zh, "en": self.en}
