"""Knowledge articles (IN-24): kept in versions, offered where somebody takes a matter in."""

import time
from collections.abc import Mapping, Sequence
from typing import Any, Final

import sqlalchemy as sa

from services.intake.domain.articles import Article, Matter, as_offer, offered
from services.intake.domain.refusals import no_such_case
from services.intake.domain.registration import Registration
from services.intake.storage.articles import ArticleFile, Kept
from services.intake.storage.repository import CaseFile
from shared.base.database import UnitOfWork
from shared.base.people import People
from shared.base.vouching import admit
from shared.kernel.errors import NotFound
from shared.kernel.instants import format_instant

Answer = dict[str, Any]
FRESH_SECONDS: Final = 5.0
"""How long another process's new article may go unnoticed."""


class Shelf:
    """The articles that are offered, at hand: registering must not wait for a table that seldom changes."""

    def __init__(self) -> None:
        self._articles: Sequence[Article] = ()
        self._count = -1
        self._looked = float("-inf")

    def at_hand(self, connection: sa.Connection) -> Sequence[Article]:
        """Those that are offered now, looked up again when they may have changed."""
        if time.monotonic() - self._looked >= FRESH_SECONDS:
            file = ArticleFile(connection)
            count = file.count()
            if count != self._count:
                self._articles = [kept.article for kept in file.current() if kept.active]
                self._count = count
            self._looked = time.monotonic()
        return self._articles


def offer(shelf: Shelf, connection: sa.Connection, asked: Registration) -> Answer:
    """What goes into the answer of a registration: `articles` where some fit, else nothing."""
    articles = shelf.at_hand(connection)
    if not articles:
        return {}
    account = asked.account
    told = " ".join(part for part in (account.subject, account.demand, account.description) if part)
    matter = Matter(model=asked.product.get("model"), category=asked.category, kind=asked.kind, text=told)
    found = [as_offer(article, reasons) for article, reasons in offered(articles, matter)]
    return {"articles": found} if found else {}


def put_article(uow: UnitOfWork, people: People, request: Mapping[str, Any]) -> Answer:
    """Keep a new version; the same again changes nothing."""
    if "by" in request:
        admit(people, request["by"])
    file = ArticleFile(uow.connection)
    before = file.find(request["article_id"])
    body = {name: value for name, value in request.items() if name not in ("article_id", "active", "by")}
    if before is not None and (before.body, before.active) == (body, request["active"]):
        return as_wire(before)
    version = before.version + 1 if before else 1
    kept = Kept(request["article_id"], version, body, request["active"], request.get("by"), uow.now)
    file.add(kept)
    return as_wire(kept)


def get_article(connection: sa.Connection, request: Mapping[str, Any]) -> Answer:
    """One article, whole."""
    kept = ArticleFile(connection).find(request["article_id"])
    if kept is None:
        raise NotFound(f"there is no article {request['article_id']}")
    return as_wire(kept)


def find_articles(connection: sa.Connection, request: Mapping[str, Any]) -> Answer:
    """What fits, the closest first; without a question every article that is offered."""
    articles = [kept.article for kept in ArticleFile(connection).current() if kept.active]
    if not request:
        return {"articles": [as_offer(article, []) for article in articles]}
    matter = _matter(connection, request)
    return {"articles": [as_offer(article, reasons) for article, reasons in offered(articles, matter)]}


def as_wire(kept: Kept) -> Answer:
    """An article as it goes out."""
    told = {"article_id": kept.article_id, "version": kept.version, "active": kept.active, **kept.body}
    return told | {"at": format_instant(kept.at)} | ({"by": kept.by} if kept.by else {})


def _matter(connection: sa.Connection, request: Mapping[str, Any]) -> Matter:
    asked = {name: request[name] for name in ("model", "category", "cause", "kind", "text") if name in request}
    if "case_no" not in request:
        return Matter(**asked)
    kept = CaseFile(connection).find(request["case_no"])
    if kept is None:
        raise no_such_case(request["case_no"])
    case = kept.case
    told = " ".join(part for part in (case.account.subject, case.account.demand, case.account.description) if part)
    of_case = {
        "model": case.product.get("model"),
        "category": case.category,
        "cause": case.cause,
        "kind": case.kind,
        "text": told,
    }
    return Matter(**{**of_case, **asked})
