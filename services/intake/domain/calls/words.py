"""What is written into a callback case, in Chinese and English; and what is said of a missed call."""

from typing import Any, Final

from services.intake.domain.calls.events import OUT
from services.intake.domain.calls.record import CallRecord
from services.intake.domain.wire import CN
from shared.kernel.instants import format_instant

LONGEST: Final = 500
"""Characters of one thing that is told: an exchange may have rung a hundred people."""
TO_CALL_BACK: Final = "未接来电，请回电 / Missed call: please call back"

NOT_REGISTERED: Final = "已接听来电，未登记内容 / Answered call, nothing was registered"


def describe(record: CallRecord, call_id: str) -> str:
    """What whoever calls back has to know, in lines."""
    lines = {
        "来电号码 / caller": record.sent_from,
        "被叫号码 / called": record.sent_to,
        "时间 / at": format_instant(record.first_at, CN),
        "接听人 / answered by": ", ".join(record.users),
        "队列 / queue": ", ".join(record.queues),
        "挂断原因 / cause": record.cause,
        "通话编号 / call": call_id,
    }
    return "\n".join(f"{name}: {value[:LONGEST]}" for name, value in lines.items() if value)


def missed_again(record: CallRecord, call_id: str) -> str:
    """Another call of the same number that nobody answered."""
    at = format_instant(record.first_at, CN)
    return f"{at} 再次来电未接（通话 {call_id}）。 / Called again, missed too (call {call_id})."


def answered_after_all(record: CallRecord, call_id: str) -> str:
    """The answer to the call came after its hangup."""
    who = _who(record)
    return (
        f"通话 {call_id} 实际已由 {who} 接听，电话系统迟报。 / Call {call_id} was answered by {who}; it was told late."
    )


def spoken(record: CallRecord) -> str:
    """Who spoke with the caller, and on whose call; the customer may read it."""
    who = _who(record)
    if record.direction == OUT:
        return f"{who} 已回电。 / {who} called back."
    return f"您再次来电，{who} 已接听。 / You called again and spoke with {who}."


def told_of(call_id: str) -> str:
    """Why a step is dated back."""
    return f"按电话系统所报时间 / the instant that the phone system told (call {call_id})"


def missed_call(
    record: CallRecord, source: str, call_id: str, callback: str | None, case_no: str | None
) -> dict[str, Any]:
    """What everybody may know of a missed call: not whose it was."""
    optional = {"source": source or None, "case_no": case_no, "callback": callback, "cause": record.cause}
    return {
        "call_id": call_id,
        "state": record.state,
        "direction": record.direction,
        "to": record.sent_to,
        "queues": list(record.queues),
        "started_at": format_instant(record.first_at),
        **({"ended_at": format_instant(record.ended_at)} if record.ended_at else {}),
        **{name: value for name, value in optional.items() if value is not None},
    }


def _who(record: CallRecord) -> str:
    return ", ".join(record.users)[:LONGEST] or "未知坐席 (user not told)"
