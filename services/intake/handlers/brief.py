"""How the answer to a step is kept: its facts stand in the history, and are not kept twice (contracts 4)."""

from typing import Any, Final

import sqlalchemy as sa

from services.intake.storage.repository import CaseFile
from shared.kernel.plain_json import Written, written_list
from shared.outbox import Brief

Answer = dict[str, Any]


def _without_facts(answer: Answer) -> Answer:
    """Those of somebody protected are no text: of them each one sees another part, so they are kept."""
    return {name: value for name, value in answer.items() if not isinstance(value, Written)}


def _with_facts(connection: sa.Connection, kept: Answer) -> Answer:
    """The answer with the facts up to the version that it tells of."""
    file = CaseFile(connection)
    case = None if "facts" in kept else file.find(kept["case_no"])
    return kept if case is None else kept | {"facts": written_list(file.facts_written(case, kept["version"]))}


WITHOUT_FACTS: Final = Brief(_without_facts, _with_facts)
