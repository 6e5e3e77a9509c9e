"""Doubles for those who build on the suite; part of what is shipped, kept like any other code.

Whatever can be real in a test is real (broker, databases, processes); what cannot be is here.
"""

from shared.testing.clock import ManualClock

__all__ = ["ManualClock"]
