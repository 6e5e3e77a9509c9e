"""Articles on both databases: kept in versions, offered at registration (IN-24)."""

from typing import Any

import pytest

from services.intake import handlers
from services.intake.schemas import FindArticles, GetArticle, PutArticle, RegisterCase, to_registration
from shared.base.schema import load
from shared.kernel.errors import Invalid, NotFound
from tests.integration.intake.office import CALL, Office

ARTICLE = {"article_id": "hollow", "title": {"zh": "空鼓"}, "text": {"zh": "先问基层"}, "words": ["空鼓"]}


def put(office: Office, **more: Any) -> dict[str, Any]:
    with office.database.write() as uow:
        return handlers.put_article(uow, office.people, load(PutArticle(), {**ARTICLE, **more}))


def find(office: Office, **asked: Any) -> list[str]:
    with office.database.read() as connection:
        found = handlers.find_articles(connection, load(FindArticles(), asked))
    return [each["article_id"] for each in found["articles"]]


def offer(office: Office, shelf: handlers.Shelf, **told: Any) -> dict[str, Any]:
    asked = to_registration(load(RegisterCase(), {**CALL, **told}))
    with office.database.read() as connection:
        return handlers.offer(shelf, connection, asked)


def test_the_same_again_is_no_new_version(office: Office) -> None:
    assert put(office)["version"] == 1
    assert put(office)["version"] == 1
    assert put(office, text={"zh": "再问批号"})["version"] == 2
    with office.database.read() as connection:
        assert handlers.get_article(connection, load(GetArticle(), {"article_id": "hollow"}))["text"] == {
            "zh": "再问批号"
        }
        with pytest.raises(NotFound):
            handlers.get_article(connection, {"article_id": "none"})


def test_what_fits_a_case_or_what_is_told(office: Office) -> None:
    put(office)
    put(office, article_id="causes", words=[], causes=["quality_defect"])
    case_no = office.case_no(subject="瓷砖空鼓")
    assert find(office, case_no=case_no) == ["hollow"]
    assert find(office, text="墙砖空鼓了") == ["hollow"]
    assert find(office, text="开裂") == []
    assert find(office) == ["causes", "hollow"]
    office.step(
        case_no, "determine_cause", cause="quality_defect", departments=["factory"], grounds="sample", ours=True
    )
    assert find(office, case_no=case_no) == ["causes", "hollow"]
    put(office, active=False)
    assert find(office, case_no=case_no) == ["causes"]


def test_a_registration_is_told_what_is_known(office: Office) -> None:
    shelf = handlers.Shelf()
    assert offer(office, shelf, subject="瓷砖空鼓") == {}
    put(office)
    assert offer(office, shelf, subject="瓷砖空鼓") == {}, "it is looked up again after some seconds"
    shelf = handlers.Shelf()
    told = {"article_id": "hollow", "title": {"zh": "空鼓"}, "because": ["words:空鼓"]}
    assert offer(office, shelf, subject="瓷砖空鼓") == {"articles": [told]}
    assert offer(office, shelf, subject="开裂") == {}


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"article_id": "Häßlich!"}, "article_id"),
        ({"title": {}}, "title"),
        ({"text": {"fr": "x"}}, "text.fr"),
        ({"categories": ["song"]}, "categories.0"),
        ({"words": "one"}, "words"),
    ],
)
def test_what_is_wrong_is_named(office: Office, wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        put(office, **wrong)
    assert field in refused.value.detail
