"""Questions: what became of messages, who would hear what, how a template reads (contracts 4). They change nothing."""

from typing import Any

import sqlalchemy as sa

from services.notify.domain.message import Message
from services.notify.domain.vocabulary import EMAIL, LANGUAGES
from services.notify.handlers.rules import Rules
from services.notify.storage import messages, skips
from services.notify.storage.messages import Wanted
from services.notify.storage.samples import SAMPLES
from shared.base.paging import Place, cut, place_after
from shared.kernel.instants import format_instant

Answer = dict[str, Any]
_INSTANTS = ("accepted_at", "due_at", "expires_at", "sent_at", "ended_at")


def find_messages(connection: sa.Connection, request: Answer) -> Answer:
    """Messages, a page at a time; of a case also who was meant and could not be reached."""
    limit = request["limit"]
    wanted = Wanted(
        equal={name: request[name] for name in ("case_no", "order_no", "key", "state") if name in request},
        limit=limit + 1,
        after=place_after(request),
        newest=request.get("newest", False),
    )
    page, following = cut(messages.find(connection, wanted), limit, _place)
    answer: Answer = {"messages": [_message(*each) for each in page], "skipped": [], **following}
    if "case_no" in request:
        found = skips.of_case(connection, request["case_no"])
        answer["skipped"] = [{**each, "at": format_instant(each["at"])} for each in found]
    return answer


def _place(found: tuple[Message, str | None]) -> Place:
    message = found[0]
    return message.accepted_at, message.id or 0


def _message(message: Message, provider: str | None) -> Answer:
    told = message.told() | {"to": message.address, "subject": message.subject, "text": message.text}
    instants = {name: getattr(message, name) for name in _INSTANTS}
    told |= {name: format_instant(instant) for name, instant in instants.items() if instant is not None}
    told["provider"] = provider
    return {name: value for name, value in told.items() if value is not None}


def preview_template(rules: Rules, _connection: sa.Connection, request: Answer) -> Answer:
    """A template as it would read, with examples for what is not given."""
    name, channel, language = request["template"], request["channel"], request.get("language", LANGUAGES[0])
    template = rules.templates.get(name, channel, language)
    given = request.get("data", {})
    values = {each: given.get(each, SAMPLES.get(each)) for each in template.variables} | given
    said = rules.templates.render(name, channel, language, values)
    answer: Answer = {"text": said.text, "variables": sorted(template.variables)}
    if channel == EMAIL:
        answer |= {"subject": said.subject, "html": rules.templates.html(language, said.subject, said.text)}
    return answer
