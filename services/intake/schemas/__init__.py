"""The border of intake: one schema per request and per step; every wrong field is named at once."""

from services.intake.schemas.articles import FindArticles, GetArticle, PutArticle
from services.intake.schemas.assignment import Assignment, ExplainAssignment, PublishAssignment, RunAssignment
from services.intake.schemas.calls import CallEventRequest, CallRow, FindCalls, GetCall, ReconcileCalls
from services.intake.schemas.customers import AddCustomer, EraseCustomer, ExportCustomer, GetCustomer
from services.intake.schemas.duties import RenewTasks, Tasks
from services.intake.schemas.evidence import GetEvidence, PutEvidence
from services.intake.schemas.queries import CaseStatus, FindCases, GetCase, LookupCaller, Regions
from services.intake.schemas.registration import LoadRegions, RegisterCase, to_registration
from services.intake.schemas.repeats import DecideRepeat, Repeats
from services.intake.schemas.steps import STEPS, TakeStep, to_asked
from services.intake.schemas.surveys import AskSurveys, FindSurveys, RecordSurvey, SurveyStatistics

__all__ = [
    "STEPS",
    "AddCustomer",
    "AskSurveys",
    "Assignment",
    "CallEventRequest",
    "CallRow",
    "CaseStatus",
    "DecideRepeat",
    "EraseCustomer",
    "ExplainAssignment",
    "ExportCustomer",
    "FindArticles",
    "FindCalls",
    "FindCases",
    "FindSurveys",
    "GetArticle",
    "GetCall",
    "GetCase",
    "GetCustomer",
    "GetEvidence",
    "LoadRegions",
    "LookupCaller",
    "PublishAssignment",
    "PutArticle",
    "PutEvidence",
    "ReconcileCalls",
    "RecordSurvey",
    "Regions",
    "RegisterCase",
    "RenewTasks",
    "Repeats",
    "RunAssignment",
    "SurveyStatistics",
    "TakeStep",
    "Tasks",
    "to_asked",
    "to_registration",
]
