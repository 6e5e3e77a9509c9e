"""The border of intake: one schema per request and per step; every wrong field is named at once."""

from services.intake.schemas.assignment import Assignment, ExplainAssignment, PublishAssignment, RunAssignment
from services.intake.schemas.calls import CallEventRequest, CallRow, FindCalls, GetCall, ReconcileCalls
from services.intake.schemas.customers import AddCustomer, EraseCustomer, ExportCustomer, GetCustomer
from services.intake.schemas.queries import CaseStatus, FindCases, GetCase, LookupCaller, Regions
from services.intake.schemas.registration import LoadRegions, RegisterCase, to_registration
from services.intake.schemas.repeats import DecideRepeat, Repeats
from services.intake.schemas.steps import STEPS, TakeStep, to_asked

__all__ = [
    "STEPS",
    "AddCustomer",
    "Assignment",
    "CallEventRequest",
    "CallRow",
    "CaseStatus",
    "DecideRepeat",
    "EraseCustomer",
    "ExplainAssignment",
    "ExportCustomer",
    "FindCalls",
    "FindCases",
    "GetCall",
    "GetCase",
    "GetCustomer",
    "LoadRegions",
    "LookupCaller",
    "PublishAssignment",
    "ReconcileCalls",
    "Regions",
    "RegisterCase",
    "Repeats",
    "RunAssignment",
    "TakeStep",
    "to_asked",
    "to_registration",
]
