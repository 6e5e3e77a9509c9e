"""Intake's tables.

`cases` is a case as it stands; `entries` is what happened to it, written once and never changed: each row a fact as
it goes on the wire (`body`) with what intake alone keeps of it (`detail`). A case can be made again from its entries.
"""

from typing import Final

import sqlalchemy as sa

from services.intake.domain.vocabulary import OPEN
from services.intake.storage.article_tables import articles
from services.intake.storage.assignment_tables import assignment_rules, unassigned
from services.intake.storage.call_tables import calls
from services.intake.storage.customer_tables import (
    customer_contacts,
    customer_equipment,
    customer_orders,
    customers,
)
from services.intake.storage.handling_tables import evidence, tasks
from services.intake.storage.mail_tables import letters
from services.intake.storage.metadata import metadata
from services.intake.storage.proof_tables import access_cases, accesses, digest_leaves, digests
from services.intake.storage.repeat_tables import repeat_keys, repeat_proposals
from services.intake.storage.survey_tables import surveys
from services.intake.storage.wording import Words
from shared.base.columns import BigId, Instant, Json, NullableJson
from shared.outbox import tables as messaging

__all__ = [
    "MESSAGING",
    "access_cases",
    "accesses",
    "articles",
    "assignment_rules",
    "calls",
    "cases",
    "customer_contacts",
    "customer_equipment",
    "customer_orders",
    "customers",
    "digest_leaves",
    "digests",
    "entries",
    "evidence",
    "letters",
    "metadata",
    "regions",
    "repeat_keys",
    "repeat_proposals",
    "surveys",
    "tasks",
    "unassigned",
]

cases: Final = sa.Table(
    "cases",
    metadata,
    sa.Column("id", BigId, primary_key=True, autoincrement=True),
    sa.Column("case_no", sa.String(12), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("last_seq", sa.Integer, nullable=False),
    sa.Column("mode", sa.String(10), nullable=False),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("waiting", sa.Boolean, nullable=False),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("channel", sa.String(20), nullable=False),
    sa.Column("source", sa.String(200), nullable=False),
    sa.Column("external_ref", sa.String(200)),
    # The channel that it came by, also when a correction names another: the same message must be known again.
    sa.Column("first_channel", sa.String(20), nullable=False),
    sa.Column("region", sa.String(200), nullable=False),
    sa.Column("category", sa.String(20)),
    sa.Column("severity", sa.String(10), nullable=False),
    sa.Column("verifiable", sa.Boolean, nullable=False),
    sa.Column("cause", sa.String(20)),
    sa.Column("department", sa.String(200)),
    sa.Column("owner", sa.String(200)),
    sa.Column("repeat_of", sa.String(12)),
    sa.Column("customer_name", sa.String(200)),
    sa.Column("customer_phone", sa.String(20)),
    sa.Column("customer_email", sa.String(254)),
    sa.Column("anonymous", sa.Boolean, nullable=False),
    sa.Column("protected", sa.Boolean, nullable=False, server_default=sa.false()),
    # Whose case it is, where that is certain (IN-10); never of somebody anonymous.
    sa.Column("customer_id", sa.String(20)),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("description", sa.Text, nullable=False),
    sa.Column("demand", sa.Text),
    sa.Column("product", Json, nullable=False),
    sa.Column("milestones", Json, nullable=False),
    sa.Column("threads", Json, nullable=False),
    # What the rules of handling ask of the past; nothing for a case that just came in.
    sa.Column("handling", NullableJson),
    sa.Column("promise", Json, nullable=False),
    sa.Column("received_at", Instant, nullable=False),
    sa.Column("words", Words),
    # Up to which entry the case is chained, and the chain there (domain/proof/chain.py).
    sa.Column("chained", sa.Integer),
    sa.Column("chain", sa.String(64)),
    # Who of ours it is about (IN-26); in most cases nobody.
    sa.Column("complained_about", NullableJson),
    sa.UniqueConstraint("case_no", name="cases_case_no"),
    sa.CheckConstraint("version >= 1 AND last_seq >= 1", name="cases_counted"),
)
_referenced = cases.c.external_ref.is_not(None)
sa.Index(
    "cases_once",
    cases.c.first_channel,
    cases.c.source,
    cases.c.external_ref,
    unique=True,
    postgresql_where=_referenced,
    sqlite_where=_referenced,
)
# Each list is read in its own order from an index, so a page costs the same however many cases there are. SQLite, which
# is for small numbers, reads them all in the order of time: there every index more is a page more in each commit.
_LARGE: Final = {"only_on": "postgresql"}
sa.Index("cases_received", cases.c.received_at, cases.c.id)
for _name in ("state", "kind", "category", "severity"):
    sa.Index(f"cases_{_name}", cases.c[_name], cases.c.received_at, cases.c.id, info=_LARGE)
sa.Index(
    "cases_region", cases.c.region, cases.c.received_at, postgresql_ops={"region": "text_pattern_ops"}, info=_LARGE
)
sa.Index("cases_words", cases.c.words, postgresql_using="gin", info=_LARGE)
_owned: Final = cases.c.owner.is_not(None)
sa.Index("cases_owner", cases.c.owner, cases.c.received_at, cases.c.id, postgresql_where=_owned, sqlite_where=_owned)
OWNED_AND_OPEN: Final = f"owner IS NOT NULL AND mode = 'live' AND state IN ({', '.join(map(repr, OPEN))})"
"""What a person's load is made of (IN-19); as text, for a partial index is used where the words are the same."""
_busy: Final = sa.text(OWNED_AND_OPEN)
sa.Index("cases_open_owner", cases.c.owner, postgresql_where=_busy, sqlite_where=_busy)
sa.Index("cases_phone", cases.c.customer_phone, cases.c.id)


def _where_there_is(name: str, column: sa.Column[str]) -> None:
    given = column.is_not(None)
    sa.Index(name, column, cases.c.id, postgresql_where=given, sqlite_where=given)


_where_there_is("cases_email", cases.c.customer_email)
_where_there_is("cases_customer", cases.c.customer_id)

entries: Final = sa.Table(
    "entries",
    metadata,
    sa.Column("case_id", sa.BigInteger, sa.ForeignKey("cases.id", name="entries_case"), primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("detail", sa.Text, nullable=False),
    # The seal stays when somebody's data are erased from the texts, and the salt goes (domain/sealing.py).
    sa.Column("salt", sa.String(32)),
    sa.Column("seal", sa.String(64)),
    sa.Column("chain", sa.String(64)),
)

fresh: Final = sa.Table("fresh", metadata, sa.Column("case_id", sa.BigInteger, primary_key=True, autoincrement=False))
"""Cases that nobody has looked at since they were registered; apart, so that to look changes no index of `cases`."""

regions: Final = sa.Table("regions", metadata, sa.Column("path", sa.String(200), primary_key=True))
"""The tree that an operator loaded; empty until then (contracts 3)."""

MESSAGING: Final = messaging.declare(metadata)
