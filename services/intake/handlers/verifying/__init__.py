"""Verifying the record: everything is read from the database and from the folder outside, and compared (AL-4)."""

from services.intake.handlers.verifying.run import Places, verify
from services.intake.handlers.verifying.walk import Report

__all__ = ["Places", "Report", "verify"]
