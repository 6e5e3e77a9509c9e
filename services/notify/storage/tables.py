"""The tables of notify."""

import sqlalchemy as sa

from shared.outbox import declare
from shared.outbox.newest import declare_newest

metadata = sa.MetaData()
messaging = declare(metadata)
cases = declare_newest(metadata, "cases")
clocks = declare_newest(metadata, "clocks")
escalations = declare_newest(metadata, "escalations")
orders = declare_newest(metadata, "orders")
