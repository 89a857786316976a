"""What the Case screen reads: who has the case, what is next, what is late, and where each fact comes from."""

from pdflow.casework.view.access import open_case
from pdflow.casework.view.clocks import ClockView, case_clocks
from pdflow.casework.view.diagram import DiagramView, diagrams
from pdflow.casework.view.evidence import EvidenceRow, evidence_rows
from pdflow.casework.view.head import Head, head
from pdflow.casework.view.notices import NoticeRow, notice_rows
from pdflow.casework.view.people import PersonView, people
from pdflow.casework.view.timeline import Entry, timeline

__all__ = [
    "ClockView",
    "DiagramView",
    "Entry",
    "EvidenceRow",
    "Head",
    "NoticeRow",
    "PersonView",
    "case_clocks",
    "diagrams",
    "evidence_rows",
    "head",
    "notice_rows",
    "open_case",
    "people",
    "timeline",
]
