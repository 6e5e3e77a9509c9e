"""Routes of the proof: who read which case, and what an auditor takes away (AL-4)."""

from typing import Final

from services.intake.http.route import Route, scopes

PROOF: Final = (
    Route(
        method="GET",
        path="/accesses",
        command="accesses",
        scopes=scopes("auditor"),
        summary="Who read which case and when, a page at a time",
    ),
    Route(
        method="GET",
        path="/cases/{case_no}/proof",
        command="case_proof",
        scopes=scopes("auditor"),
        by="by",
        summary="Everything by which somebody else can check a case: entries, chain, signed digests with paths, keys",
    ),
)
