"""`aftercare demo`: a told story and some hundred made-up cases through the whole suite under a fast clock.

A suite of its own is started, the clock is moved from stop to stop, people act and hear, and a report stays behind:

    story.yaml, cases.py -> agenda -> director -> the services
    the services -> ear -> journal -> teller (time line), summary, report
"""

from shared.cli.demo.command import demo

__all__ = ["demo"]
