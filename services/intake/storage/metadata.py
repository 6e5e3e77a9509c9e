"""The one list of intake's tables, which every room of them joins."""

from typing import Final

import sqlalchemy as sa

metadata: Final = sa.MetaData()
