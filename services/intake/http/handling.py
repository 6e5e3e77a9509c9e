"""Routes about what is owed in cases, and about evidence."""

from typing import Final

from services.intake.http.route import BODY, Route, scopes
from services.intake.schemas import answers_duties as answers

HANDLING: Final = (
    Route(
        method="GET",
        path="/tasks",
        command="tasks",
        answers=answers.TaskPage,
        scopes=scopes("clerk", "owner", "auditor"),
        by="by",
        summary="What is owed in cases, by whom and until when; open tasks, the earliest due first",
    ),
    Route(
        method="POST",
        path="/cases/{case_no}/evidence",
        command="put_evidence",
        answers=answers.KeptEvidence,
        takes=BODY,
        scopes=scopes("clerk", "owner"),
        by="by",
        summary="Keep a file that proves something about a case; steps name it by the reference",
    ),
    Route(
        method="GET",
        path="/cases/{case_no}/evidence/{ref}",
        command="get_evidence",
        answers=answers.EvidenceFile,
        scopes=scopes("clerk", "owner", "auditor"),
        by="by",
        summary="A file that was kept for a case, with its content; the reference is its digest",
    ),
)
