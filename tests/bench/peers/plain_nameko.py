"""What a Python team writes from nameko's and SQLAlchemy's own documentation, for the same jobs.

Registration: `@rpc`, a marshmallow schema, a session's commit, then `EventDispatcher`; a step: the same with one update
of the case, of which nothing is read. Consuming: `@event_handler` and
one commit each. It promises less: an event is lost when the process dies after the commit, and a repeated delivery
or request acts twice. SQLite is opened as the suite opens it (WAL, synchronous=FULL), so the disk costs both the same.

    python -m tests.bench.peers.plain_nameko AMQP_URI DATABASE_FILE
"""

import eventlet

eventlet.monkey_patch()

import sys  # noqa: E402
from typing import Any  # noqa: E402

import marshmallow as ma  # noqa: E402
import sqlalchemy as sa  # noqa: E402
from nameko.containers import ServiceContainer  # noqa: E402
from nameko.events import EventDispatcher, event_handler  # noqa: E402
from nameko.extensions import DependencyProvider  # noqa: E402
from nameko.rpc import rpc  # noqa: E402
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker  # noqa: E402


class Base(DeclarativeBase):
    """The models."""


class Case(Base):
    """A registered case."""

    __tablename__ = "cases"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    channel: Mapped[str]
    external_ref: Mapped[str | None]
    region: Mapped[str]
    phone: Mapped[str | None]
    subject: Mapped[str]
    description: Mapped[str]
    progress: Mapped[str | None]


class Heard(Base):
    """An event that came."""

    __tablename__ = "heard"

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str]
    document: Mapped[dict[str, Any]] = mapped_column(sa.JSON)


class Customer(ma.Schema):
    """Who calls."""

    name = ma.fields.String()
    phone = ma.fields.String()


class Registration(ma.Schema):
    """What is registered."""

    kind = ma.fields.String(required=True)
    channel = ma.fields.String(required=True)
    external_ref = ma.fields.String()
    region = ma.fields.String(load_default="unassigned")
    customer = ma.fields.Nested(Customer, required=True)
    subject = ma.fields.String(required=True)
    description = ma.fields.String(required=True)


class Step(ma.Schema):
    """What was done about a case."""

    case_no = ma.fields.Integer(required=True)
    step = ma.fields.String(required=True)
    by = ma.fields.String(required=True)
    text = ma.fields.String()


class Sessions(DependencyProvider):
    """A session for each worker."""

    def setup(self) -> None:
        """Open the database."""
        engine = sa.create_engine(self.container.config["DB_URI"])

        @sa.event.listens_for(engine, "connect")
        def _prepare(connection: Any, _record: Any) -> None:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=FULL")

        Base.metadata.create_all(engine)
        self.sessions = sessionmaker(engine)

    def get_dependency(self, _worker_ctx: Any) -> Session:
        """The worker's session."""
        return self.sessions()

    def worker_teardown(self, worker_ctx: Any) -> None:
        """Give its connection back."""
        worker_ctx.service.session.close()


class Plain:
    """All jobs in one service."""

    name = "plain"

    session = Sessions()
    dispatch = EventDispatcher()

    @rpc
    def register_case(self, request: dict[str, Any]) -> dict[str, Any]:
        """Validate, commit, say it."""
        data = Registration().load(request)
        customer = data.pop("customer")
        case = Case(**data, phone=customer.get("phone"))
        self.session.add(case)
        self.session.commit()
        self.dispatch("case_registered", {"case_no": case.id, **request})
        return {"case_no": case.id, "state": "registered"}

    @rpc
    def take_step(self, request: dict[str, Any]) -> dict[str, Any]:
        """Validate, update the case, commit, say it."""
        data = Step().load(request)
        self.session.execute(sa.update(Case).where(Case.id == data["case_no"]).values(progress=data["text"]))
        self.session.commit()
        self.dispatch("progress_recorded", request)
        return {"case_no": data["case_no"], "state": "registered"}

    @event_handler("bench", "heard")
    def heard(self, payload: dict[str, Any]) -> None:
        """Keep what was said."""
        self.session.add(Heard(subject=payload["subject"], document=payload["case"]))
        self.session.commit()


def main(amqp_uri: str, database: str) -> None:
    """Serve until the process is ended."""
    container = ServiceContainer(Plain, {"AMQP_URI": amqp_uri, "DB_URI": f"sqlite:///{database}", "max_workers": 10})
    container.start()
    sys.stdout.write("started\n")
    sys.stdout.flush()
    container.wait()


if __name__ == "__main__":
    main(*sys.argv[1:])
