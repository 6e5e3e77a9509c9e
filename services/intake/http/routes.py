"""The table of routes: a new one is one row. What a command takes and answers is the RPC method's own affair."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from marshmallow import Schema

from services.intake.http.spellings import Pairs, contract_names
from services.intake.schemas import answers
from shared.base.tokens import SCOPES

Answer = Mapping[str, Any]

ADMIN: Final = "admin"
PHONE: Final = "phone"
BODY: Final = "body"
QUERY: Final = "query"
FORM: Final = "form"


def _scopes(*names: str) -> frozenset[str]:
    """These, and `admin`, which may do everything."""
    return frozenset({*names, ADMIN})


def _is_new(answer: Answer) -> bool:
    return not answer.get("duplicate")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Route:
    """What stands behind a method and a path; names in braces are fields of the request."""

    method: str
    path: str
    command: str
    """The RPC method; its schema is the request's."""
    scopes: frozenset[str]
    summary: str
    answers: type[Schema] | None = None
    """What the answer looks like, for the interface's description."""
    takes: str = QUERY
    """Where the other fields come from: `body` (JSON), `form` (JSON or a form), or `query`."""
    creates: str | None = None
    """Of a command that makes something: its path, filled from the answer; such an answer has status 201."""
    is_new: Callable[[Answer], bool] = _is_new
    """Of a command that makes something: whether this answer tells of something new."""
    by: str | None = None
    """The field that says who acts."""
    spelled: Callable[[Pairs], Pairs] | None = None
    """Of a form that others have invented: the same in our names."""
    for_admin: Mapping[str, str] = field(default_factory=dict)
    """Values of fields that need the scope `admin`."""
    has_version: bool = False
    """Whether the answer has a `version`, which goes out as ETag and may come back as If-Match."""

    @property
    def changes(self) -> bool:
        """Whether it changes anything."""
        return self.method != "GET"


ROUTES: Final = (
    Route(
        method="POST",
        path="/cases",
        command="register_case",
        answers=answers.Registered,
        takes=BODY,
        scopes=_scopes("clerk", "phone"),
        creates="/cases/{case_no}",
        by="registrar",
        for_admin={"mode": "history"},
        summary="Register a case; the same channel, source and external_ref again is the same case",
    ),
    Route(
        method="GET",
        path="/cases",
        command="find_cases",
        answers=answers.CasePage,
        scopes=_scopes("clerk", "owner", "auditor"),
        summary="Find cases, a page at a time",
    ),
    Route(
        method="GET",
        path="/cases/{case_no}",
        command="get_case",
        answers=answers.CaseWithHistory,
        scopes=_scopes("clerk", "owner", "auditor"),
        has_version=True,
        summary="One case with its facts and its history",
    ),
    Route(
        method="POST",
        path="/cases/{case_no}/steps",
        command="take_step",
        answers=answers.CaseWithFacts,
        takes=BODY,
        scopes=_scopes("clerk", "owner"),
        by="by",
        has_version=True,
        summary="Take a step of a case",
    ),
    Route(
        method="GET",
        path="/callers/{phone}",
        command="lookup_caller",
        answers=answers.Caller,
        scopes=_scopes("clerk", "phone"),
        summary="Who is calling, and what is open for them",
    ),
    *(
        Route(
            method="POST",
            path=path,
            command="call_event",
            takes=FORM,
            spelled=contract_names,
            scopes=_scopes("phone"),
            summary="What an exchange tells of a call: newCall, answer, hangup" + more,
        )
        for path, more in (("/calls", ""), ("/calls/{source}", ", where it cannot send its own name"))
    ),
    Route(
        method="GET",
        path="/calls",
        command="find_calls",
        scopes=_scopes("clerk", "auditor"),
        summary="Find calls, a page at a time",
    ),
    Route(
        method="GET",
        path="/case-status",
        command="case_status",
        answers=answers.SpokenCases,
        scopes=_scopes("clerk", "phone"),
        summary="How a case stands, in words that are safe to say aloud, by case number or by phone",
    ),
    Route(
        method="POST",
        path="/customers",
        command="add_customer",
        takes=BODY,
        scopes=_scopes("clerk"),
        by="by",
        summary="Put a customer on file, or complete one who is",
    ),
    Route(
        method="POST",
        path="/customers/export",
        command="export_customer",
        takes=BODY,
        scopes=_scopes("clerk", "auditor"),
        by="by",
        summary="Hand over everything that is held about somebody",
    ),
    Route(
        method="POST",
        path="/customers/erase",
        command="erase_customer",
        takes=BODY,
        scopes=_scopes(),
        by="by",
        summary="Erase somebody's personal data; the record stays",
    ),
    Route(
        method="GET",
        path="/customers",
        command="get_customer",
        scopes=_scopes("clerk", "auditor"),
        summary="A customer with orders, equipment, calls and cases, or the candidates where several are meant",
    ),
    Route(
        method="POST",
        path="/surveys",
        command="record_survey",
        answers=answers.Surveyed,
        takes=BODY,
        scopes=_scopes("clerk", "phone"),
        by="by",
        summary="Keep what a customer answered: to the survey of a code, of a case, or of a period",
    ),
    Route(
        method="GET",
        path="/surveys",
        command="find_surveys",
        answers=answers.SurveyPage,
        scopes=_scopes("clerk", "auditor"),
        summary="What customers answered, a page at a time",
    ),
    Route(
        method="GET",
        path="/surveys/statistics",
        command="survey_statistics",
        answers=answers.SurveyFigures,
        scopes=_scopes("clerk", "auditor"),
        summary="How content customers are, by groups, each figure with its interval of 95 %",
    ),
    Route(
        method="GET",
        path="/articles",
        command="find_articles",
        answers=answers.Offers,
        scopes=_scopes("clerk", "owner", "auditor"),
        summary="The knowledge articles that fit a case, or a matter that is told; without any, all of them",
    ),
    Route(
        method="GET",
        path="/articles/{article_id}",
        command="get_article",
        answers=answers.Article,
        scopes=_scopes("clerk", "owner", "auditor"),
        summary="One article, whole",
    ),
    Route(
        method="PUT",
        path="/articles/{article_id}",
        command="put_article",
        answers=answers.Article,
        takes=BODY,
        scopes=_scopes(),
        by="by",
        summary="A new version of an article, or a new article",
    ),
    Route(
        method="GET",
        path="/regions",
        command="regions",
        answers=answers.RegionList,
        scopes=frozenset(SCOPES),
        summary="Every region in the tree",
    ),
    Route(
        method="PUT",
        path="/regions",
        command="load_regions",
        answers=answers.LoadedRegions,
        takes=BODY,
        scopes=_scopes(),
        summary="Replace the region tree",
    ),
)
