"""All SQL of knowledge articles."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from services.intake.domain.articles import Article
from services.intake.storage.article_tables import articles

_a: Final = articles.c
_newest: Final = sa.select(_a.article_id, sa.func.max(_a.version).label("version")).group_by(_a.article_id).subquery()
_CURRENT: Final = (
    sa.select(articles)
    .join(_newest, sa.and_(_newest.c.article_id == _a.article_id, _newest.c.version == _a.version))
    .order_by(_a.article_id)
)
_ONE: Final = sa.select(articles).where(_a.article_id == sa.bindparam("its_id")).order_by(_a.version.desc()).limit(1)
_COUNT: Final = sa.select(sa.func.count()).select_from(articles)
_ABOUT: Final = ("products", "categories", "causes", "kinds", "words")


@dataclass(frozen=True, slots=True)
class Kept:
    """A version of an article, whole."""

    article_id: str
    version: int
    body: dict[str, Any]
    active: bool
    by: str | None
    at: datetime

    @property
    def article(self) -> Article:
        """What is asked when articles are offered."""
        about = {name: tuple(self.body.get(name, ())) for name in _ABOUT}
        return Article(article_id=self.article_id, version=self.version, title=self.body["title"], **about)


class ArticleFile:
    """The articles, as seen on one connection."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def count(self) -> int:
        """How many versions there are of all: it grows with every change."""
        return self._connection.scalar(_COUNT) or 0

    def current(self) -> Sequence[Kept]:
        """The newest version of each."""
        return [Kept(*row) for row in self._connection.execute(_CURRENT)]

    def find(self, article_id: str) -> Kept | None:
        """The newest version of this one."""
        row = self._connection.execute(_ONE, {"its_id": article_id}).one_or_none()
        return Kept(*row) if row is not None else None

    def add(self, kept: Kept) -> None:
        """Keep a new version."""
        self._connection.execute(
            articles.insert().values(
                article_id=kept.article_id,
                version=kept.version,
                body=kept.body,
                active=kept.active,
                by=kept.by,
                at=kept.at,
            )
        )
