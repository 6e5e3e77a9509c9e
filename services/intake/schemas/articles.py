"""The requests about knowledge articles (IN-24)."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, validates_schema
from marshmallow.validate import Length, Regexp

from services.intake.domain.vocabulary import CAUSES
from services.intake.schemas.common import nested
from shared.base.fields import LINE, NAME, PAGE, CaseNumber, Choice, Flag, Text
from shared.kernel.vocabulary import CATEGORIES, KINDS

MOST = 200
_SLUG = Regexp(r"^[a-z0-9][a-z0-9-]{0,79}$", error="write a-z, 0-9 and hyphens, like tiles-hollow")


def _few(inner: fields.Field[Any]) -> "fields.List[Any]":
    return fields.List(inner, validate=Length(max=MOST))


class Titles(Schema):
    """A title in each language; one is enough."""

    zh = Text(LINE)
    en = Text(LINE)

    @validates_schema(skip_on_field_errors=False, pass_original=True)
    def _one(self, _data: Any, original: Any, **_more: Any) -> None:
        if isinstance(original, dict) and not {"zh", "en"} & original.keys():
            raise ValidationError("write zh or en, or both")


class Texts(Titles):
    """A text in each language."""

    zh = Text(PAGE, lines=True)
    en = Text(PAGE, lines=True)


class PutArticle(Schema):
    """A new version of an article, or a new article; `active: false` takes it back."""

    article_id = Text(NAME, required=True, validate=_SLUG)
    title = nested(Titles, required=True)
    text = nested(Texts, required=True)
    products = _few(Text(NAME))
    categories = _few(Choice(CATEGORIES))
    causes = _few(Choice(CAUSES))
    kinds = _few(Choice(KINDS))
    words = _few(Text(NAME))
    active = Flag(load_default=True)
    by = Text(NAME)


class GetArticle(Schema):
    """One article, whole."""

    article_id = Text(NAME, required=True)


class FindArticles(Schema):
    """What fits a case, or a matter that is told; without any, every article."""

    case_no = CaseNumber()
    model = Text(NAME)
    category = Choice(CATEGORIES)
    cause = Choice(CAUSES)
    kind = Choice(KINDS)
    text = Text(PAGE, lines=True)
