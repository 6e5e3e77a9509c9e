"""The HTTP interface of maintenance: calendar feeds."""

from services.maintenance.http.api import Api
from services.maintenance.http.feed import render

__all__ = ["Api", "render"]
