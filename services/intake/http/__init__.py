"""Intake over HTTP: the commands of the RPC interface as routes, with bearer tokens (contracts 7)."""

from services.intake.http.api import Api
from services.intake.http.gate import Gate
from services.intake.http.keys import Keys
from services.intake.http.proxies import Wsgi, behind

__all__ = ["Api", "Gate", "Keys", "Wsgi", "behind"]
