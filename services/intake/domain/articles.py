"""Knowledge articles (IN-24): which ones to offer for a matter, and why those."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any, Final

from services.intake.domain.wording import is_run, words_of

OFFERED: Final = 5
"""Articles that are offered for one matter; more are not read while somebody is on the phone."""
_WEIGHTS: Final = {"products": 8, "causes": 4, "categories": 2, "kinds": 1}
_WORD: Final = 3
"""What a word of the article that the customer used counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One version of an article. Every list that is not empty must fit; with `words`, at least one must be said."""

    article_id: str
    version: int
    title: Mapping[str, str]
    products: Sequence[str] = ()
    """Patterns of product models, like `GT-*`."""
    categories: Sequence[str] = ()
    causes: Sequence[str] = ()
    kinds: Sequence[str] = ()
    words: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """What the customer brings, as far as it is known."""

    model: str | None = None
    category: str | None = None
    cause: str | None = None
    kind: str | None = None
    text: str = ""


def offered(articles: Sequence[Article], matter: Matter) -> list[tuple[Article, list[str]]]:
    """The articles that fit, the closest first, each with what it fits by."""
    told = f" {' '.join(words_of([matter.text]))} "
    found = [(article, reasons) for article in articles if (reasons := _reasons(article, matter, told))]
    found.sort(key=lambda each: (-_closeness(each[1]), each[0].article_id))
    return found[:OFFERED]


def _reasons(article: Article, matter: Matter, told: str) -> list[str]:
    """By what it fits, as `products`, `words:…`; empty when it does not."""
    fits = {
        "products": any(_is_like(matter.model, pattern) for pattern in article.products),
        "causes": matter.cause in article.causes,
        "categories": matter.category in article.categories,
        "kinds": matter.kind in article.kinds,
    }
    if any(getattr(article, name) and not fits[name] for name in fits):
        return []
    said = [word for word in article.words if _is_said(word, told)]
    if article.words and not said:
        return []
    return [name for name, fit in fits.items() if fit] + [f"words:{word}" for word in said]


def _closeness(reasons: Sequence[str]) -> int:
    return sum(_WEIGHTS.get(reason, _WORD) for reason in reasons)


def _is_like(model: str | None, pattern: str) -> bool:
    return model is not None and fnmatchcase(model.casefold(), pattern.casefold())


def _is_said(word: str, told: str) -> bool:
    """Whether the customer used it: Chinese anywhere, other words by how they begin."""
    parts = words_of([word])
    return bool(parts) and all((part if is_run(part) else f" {part}") in told for part in parts)


def as_offer(article: Article, reasons: Sequence[str]) -> dict[str, Any]:
    """An article as it is offered: enough to choose, not to read."""
    return {"article_id": article.article_id, "title": dict(article.title), "because": list(reasons)}
