"""`aftercare article`: what is known, for whoever takes a matter in (IN-24)."""

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Group
from rich.text import Text

from shared.base.yaml_file import parse_yaml, text_of
from shared.cli.cases.language import EN, Lang, in_language
from shared.cli.options import DEFAULT_DATA, AsJson, Data, FieldOption, with_fields
from shared.cli.output import Column, say, show, show_json, table
from shared.cli.suite import Suite
from shared.kernel.errors import Invalid

app = typer.Typer(help="Knowledge articles: load them, find what fits.", no_args_is_help=True)

File = Annotated[Path, typer.Argument(metavar="FILE", help="YAML: `articles:` and a list of them.")]
By = Annotated[str | None, typer.Option("--by", help="Who writes them.", show_default=False)]
Name = Annotated[str, typer.Argument(metavar="ARTICLE", help="Its id.")]
MATTER = (
    FieldOption("case", "case_no", "What fits this case."),
    FieldOption("model", "model", "About a product of this model."),
    FieldOption("category", "category", "About this category."),
    FieldOption("cause", "cause", "About this cause."),
    FieldOption("kind", "kind", "About cases of this kind."),
    FieldOption("text", "text", "What the customer says."),
)


@app.command()
def load(file: File, by: By = None, data: Data = DEFAULT_DATA, as_json: AsJson = False) -> None:
    """Put articles in, or new versions of them; what is the same already stays as it is.

    How a file is written is told in deploy/examples/articles.yaml.

    \b
    Examples:
      aftercare article load deploy/examples/articles.yaml --by desk
    """
    found = parse_yaml(text_of(file), file.name)
    articles = found.get("articles") if isinstance(found, dict) else None
    if not isinstance(articles, list) or not articles:
        raise Invalid(f"{file.name}: articles: must be a list of articles")
    kept: list[dict[str, Any]] = []
    problems: dict[str, list[str]] = {}
    with Suite.at(data).rpc() as rpc:
        for index, article in enumerate(articles):
            request = article | ({"by": by} if by else {}) if isinstance(article, dict) else {"article_id": article}
            try:
                kept.append(rpc.call("intake.put_article", request))
            except Invalid as error:
                problems |= {f"articles[{index}].{field}": whys for field, whys in error.detail.items()}
    if as_json:
        show_json({"articles": kept})
    elif kept:
        say(f"{len(kept)} of {len(articles)} articles are on file.")
    if problems:
        raise Invalid(f"{file.name}: not every article was taken", problems)


@app.command("list")
def list_(data: Data = DEFAULT_DATA, as_json: AsJson = False, lang: Lang = EN) -> None:
    """List every article that is offered.

    \b
    Examples:
      aftercare article list
    """
    _tell(Suite.at(data).call("intake.find_articles", {}), as_json=as_json, lang=lang.value)


@app.command()
@with_fields(MATTER)
def find(data: Data = DEFAULT_DATA, as_json: AsJson = False, lang: Lang = EN, **given: Any) -> None:
    """Find the articles that fit a case, or a matter that is told; the closest first, each with what it fits by.

    \b
    Examples:
      aftercare article find --case 123456789012
      aftercare article find --model GT-100 --text "瓷砖空鼓"
    """
    asked = {option.field: given[option.name] for option in MATTER if given[option.name]}
    if not asked:
        raise Invalid.field("--text", "say what it is about, or --case; `aftercare article list` shows all")
    _tell(Suite.at(data).call("intake.find_articles", asked), as_json=as_json, lang=lang.value)


@app.command("show")
def show_(name: Name, data: Data = DEFAULT_DATA, as_json: AsJson = False, lang: Lang = EN) -> None:
    """Read an article.

    \b
    Examples:
      aftercare article show tiles-hollow --lang zh
    """
    article = Suite.at(data).call("intake.get_article", {"article_id": name})
    if as_json:
        show_json(article)
        return
    title = Text(in_language(article["title"], lang.value), "bold")
    note = Text(f"{name}, version {article['version']}" + ("" if article["active"] else ", taken back"), "dim")
    show(Group(title, note, Text(), Text(in_language(article["text"], lang.value))))


def _tell(answer: dict[str, Any], *, as_json: bool, lang: str) -> None:
    if as_json:
        show_json(answer)
    elif answer["articles"]:
        titles = (Column("article"), Column("title", wraps=True), Column("because", drop=1))
        rows = [
            [each["article_id"], in_language(each["title"], lang), ", ".join(each["because"])]
            for each in answer["articles"]
        ]
        show(table(*titles, rows=rows))
    else:
        say("No article fits.")
