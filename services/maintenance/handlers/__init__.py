"""What maintenance does, one function for each command, question, event and tick: load, ask the domain, store, say."""

from services.maintenance.handlers.asking import coverage, find_orders, get_order
from services.maintenance.handlers.completing import complete_order
from services.maintenance.handlers.equipping import get_equipment, register_equipment
from services.maintenance.handlers.feeding import Entry, calendar
from services.maintenance.handlers.hearing import CASE_EVENTS, case_changed
from services.maintenance.handlers.house import House
from services.maintenance.handlers.plans import set_plan
from services.maintenance.handlers.stepping import check_order, postpone_order, schedule_order, start_order
from services.maintenance.handlers.timers import fire_due, next_due, timers

__all__ = [
    "CASE_EVENTS",
    "Entry",
    "House",
    "calendar",
    "case_changed",
    "check_order",
    "complete_order",
    "coverage",
    "find_orders",
    "fire_due",
    "get_equipment",
    "get_order",
    "next_due",
    "postpone_order",
    "register_equipment",
    "schedule_order",
    "set_plan",
    "start_order",
    "timers",
]
