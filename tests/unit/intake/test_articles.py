"""Which articles fit a matter."""

from hypothesis import given
from hypothesis import strategies as st

from services.intake.domain.articles import OFFERED, Article, Matter, offered

HOLLOW = Article(
    article_id="hollow", version=1, title={"zh": "空鼓"}, categories=["workmanship"], words=["空鼓", "came off"]
)
GROUT = Article(article_id="grout", version=1, title={"en": "Grout"}, products=["GT-*"], words=["discolour"])
ANY = Article(article_id="any", version=1, title={"en": "Repairs"}, kinds=["repair"])


def found(matter: Matter) -> list[tuple[str, list[str]]]:
    return [(article.article_id, reasons) for article, reasons in offered([ANY, GROUT, HOLLOW], matter)]


def test_every_list_must_fit() -> None:
    assert found(Matter(category="workmanship", text="卫生间瓷砖空鼓")) == [("hollow", ["categories", "words:空鼓"])]
    assert found(Matter(category="misuse", text="瓷砖空鼓")) == []
    assert found(Matter(category="workmanship", text="瓷砖开裂")) == []


def test_words_of_both_scripts() -> None:
    assert found(Matter(category="workmanship", text="Two tiles CAME OFF again")) == [
        ("hollow", ["categories", "words:came off"])
    ]
    assert found(Matter(model="gt-40", text="it is discoloured")) == [("grout", ["products", "words:discolour"])]
    assert found(Matter(model="AT-40", text="discoloured")) == []


def test_the_closest_comes_first() -> None:
    matter = Matter(kind="repair", category="workmanship", model="GT-1", text="空鼓 discolour")
    assert [name for name, _ in found(matter)] == ["grout", "hollow", "any"]


def test_an_article_about_nothing_is_never_offered() -> None:
    assert offered([Article(article_id="x", version=1, title={"en": "x"})], Matter(text="x")) == []


LISTS = st.lists(st.sampled_from(["a", "b", "c"]), max_size=2)
ARTICLES = st.lists(
    st.builds(
        Article,
        article_id=st.sampled_from("pqrstuvw"),
        version=st.just(1),
        title=st.just({"en": "t"}),
        products=LISTS,
        categories=LISTS,
        causes=LISTS,
        kinds=LISTS,
        words=LISTS,
    ),
    max_size=12,
)
ONE = st.none() | st.sampled_from(["a", "b", "c"])
MATTERS = st.builds(Matter, model=ONE, category=ONE, cause=ONE, kind=ONE, text=st.text("abc ", max_size=5))


@given(ARTICLES, MATTERS)
def test_few_are_offered_each_with_a_reason_and_in_a_stable_order(articles: list[Article], matter: Matter) -> None:
    first = offered(articles, matter)
    assert len(first) <= OFFERED
    assert all(reasons for _, reasons in first)
    again = offered(list(reversed(articles)), matter)
    assert [article.article_id for article, _ in first] == [article.article_id for article, _ in again]
