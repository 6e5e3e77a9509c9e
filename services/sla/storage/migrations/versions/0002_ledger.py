"""The ledger of clocks, when a case was received, what of a limit was used. Runs before the deploy of its code."""

import sqlalchemy as sa
from alembic import op

from shared.base.columns import Instant

revision = "0002"
down_revision = "0001"

REFUSAL = "the ledger is append-only"


def upgrade() -> None:
    """Create the ledger and guard it; add the columns, and fill what the facts tell."""
    _ledger()
    _guard()
    op.add_column("clocks", sa.Column("used_percent", sa.Integer))
    op.add_column("cases", sa.Column("received_at", Instant))
    op.execute(
        "UPDATE cases SET received_at = "
        "(SELECT min(facts.at) FROM facts WHERE facts.case_no = cases.case_no AND facts.fact = 'received')"
    )
    op.create_index("cases_received", "cases", ["received_at", "case_no"])


def _ledger() -> None:
    op.create_table(
        "ledger",
        sa.Column("case_no", sa.String(20), primary_key=True),
        sa.Column("clock", sa.String(60), primary_key=True),
        sa.Column("key", sa.String(200), primary_key=True),
        sa.Column("revision", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("generation", sa.Integer, nullable=False),
        sa.Column("change", sa.String(14), nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("policy_version", sa.String(60), nullable=False),
        sa.Column("calendar", sa.String(60), nullable=False),
        sa.Column("calendar_version", sa.String(60), nullable=False),
        sa.Column("fraction", sa.Float),
        sa.Column("by", sa.String(200)),
        sa.Column("fact_seq", sa.Integer),
        sa.Column("reason", sa.String(60)),
        sa.Column("state", sa.String(10)),
        sa.Column("started_at", Instant),
        sa.Column("due_at", Instant),
        sa.Column("stopped_at", Instant),
        sqlite_with_rowid=False,
    )


def _guard() -> None:
    """Whatever code is in use, and whoever types SQL: what is in the ledger stays as it is."""
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER ledger_no_{verb.lower()} BEFORE {verb} ON ledger "
                f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION ledger_is_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    op.execute(
        "CREATE TRIGGER ledger_append_only BEFORE UPDATE OR DELETE ON ledger "
        "FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only()"
    )
