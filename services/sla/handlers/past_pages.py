"""Pages of past cases: `next` of one answer is `after` of the next request, as everywhere."""

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from services.sla.storage.past import Past, Place
from shared.kernel.errors import Invalid
from shared.kernel.instants import format_instant, parse_instant


def place_after(request: Mapping[str, Any]) -> Place | None:
    """Behind which place the asked page begins; None is the beginning. Raises Invalid."""
    if "after" not in request:
        return None
    try:
        instant, _, case_no = base64.b64decode(request["after"], b"-_", validate=True).decode().partition(" ")
        return parse_instant(instant), case_no
    except (Invalid, ValueError, binascii.Error):
        raise Invalid.field("after", "must be `next` of an earlier answer") from None


def next_of(last: Past) -> dict[str, str]:
    """`next` of a page that ends with this case; nothing for one that nobody knows when it was received."""
    received = last.case.received_at
    if received is None:
        return {}
    return {"next": base64.urlsafe_b64encode(f"{format_instant(received)} {last.case.case_no}".encode()).decode()}
