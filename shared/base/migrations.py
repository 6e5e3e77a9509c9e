"""Schema migrations: alembic, each service its own scripts and its own version table (design 4).

A service's scripts lie in `services/<name>/storage/migrations/`: a two-line `env.py` and `versions/NNNN_what.py`, whose
revision ids are NNNN. The id of the newest file is the version that the code needs; that is compared first, without
alembic, so that an up-to-date service starts quickly.
"""

import time
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from shared.base.database import Database
from shared.base.engines import DatabaseAway, translated_errors, writing
from shared.kernel.errors import Misconfigured

# Two replicas must not migrate at once: a PostgreSQL advisory lock with this key is held meanwhile.
ADVISORY_LOCK = 0x61667465
LOCK_SECONDS = 60.0
LOCK_POLL_SECONDS = 0.1


def version_table(service: str) -> str:
    """The name of a service's version table."""
    return f"alembic_version_{service}"


def scripts_of(service: str) -> Path:
    """The folder of a service's migration scripts."""
    return Path(__file__).parents[2] / "services" / service / "storage" / "migrations"


def known(service: str, scripts: Path | None = None) -> list[str]:
    """The versions that the code knows, oldest first."""
    versions = (scripts or scripts_of(service)) / "versions"
    numbers = sorted(path.name[:4] for path in versions.glob("[0-9][0-9][0-9][0-9]_*.py"))
    if not numbers:
        raise Misconfigured([f"{service} has no migration scripts; install the suite again"])
    return numbers


def newest(service: str, scripts: Path | None = None) -> str:
    """The version that the code needs."""
    return known(service, scripts)[-1]


def current(database: Database) -> str | None:
    """The version that the database has; None when it is empty."""
    table = version_table(database.service)
    with database.read() as connection:
        if not sa.inspect(connection).has_table(table):
            return None
        version: str | None = connection.scalar(sa.text(f"SELECT version_num FROM {table}"))
        return version


def check(database: Database, scripts: Path | None = None) -> bool:
    """Whether the schema is the one the code needs; raises Misconfigured when it comes from a newer version."""
    has, versions = current(database), known(database.service, scripts)
    if has is not None and has not in versions:
        raise Misconfigured(
            [
                f"{database.service}'s database is at version {has}, newer than this program's {versions[-1]}: "
                "install the newer release"
            ]
        )
    return has == versions[-1]


def migrate(database: Database, scripts: Path | None = None) -> bool:
    """Bring the schema to the newest version; True when there was something to do.

    `scripts` is the folder of the migration scripts, the service's own by default.
    """
    if check(database, scripts):
        return False
    with translated_errors(), database.engine.connect() as connection:
        if not database.is_sqlite:
            _be_alone(connection)
        with writing(connection):
            _upgrade(scripts or scripts_of(database.service), connection)
    return True


def _be_alone(connection: sa.Connection) -> None:
    """Take the lock on a session of its own: it ends with the session, and so does the leave to be slow."""
    connection.detach()
    connection.execute(sa.text("SET statement_timeout = 0"))
    deadline = time.monotonic() + LOCK_SECONDS
    while not connection.scalar(sa.text("SELECT pg_try_advisory_lock(:key)"), {"key": ADVISORY_LOCK}):
        if time.monotonic() > deadline:
            raise DatabaseAway(f"another process has been migrating this database for {LOCK_SECONDS:g} s")
        time.sleep(LOCK_POLL_SECONDS)
    connection.commit()


def _upgrade(scripts: Path, connection: sa.Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def run_scripts(service: str, metadata: sa.MetaData) -> None:
    """What each service's `env.py` calls: run the scripts on the connection that `migrate` handed over."""
    from alembic import context

    connection: Any = context.config.attributes["connection"]
    context.configure(
        connection=connection,
        target_metadata=metadata,
        version_table=version_table(service),
        render_as_batch=connection.dialect.name == "sqlite",
        transaction_per_migration=False,
    )
    with context.begin_transaction():
        context.run_migrations()
