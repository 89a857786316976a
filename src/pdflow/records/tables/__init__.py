"""All tables; importing this package registers them with the metadata that migrations compare against."""

from pdflow.records.tables.audit import Audit, Lookup
from pdflow.records.tables.base import Table, table_of
from pdflow.records.tables.case import Case, HardDate
from pdflow.records.tables.clock import Clock, ClockEvent
from pdflow.records.tables.command import Command
from pdflow.records.tables.contact import Flag, Inquiry, Note, Transfer
from pdflow.records.tables.definition import Definition, Draft
from pdflow.records.tables.determination import Determination
from pdflow.records.tables.document import Document
from pdflow.records.tables.evidence import EvidenceItem, EvidenceView
from pdflow.records.tables.fact import FactRow
from pdflow.records.tables.heartbeat import Heartbeat
from pdflow.records.tables.incident import Incident
from pdflow.records.tables.instance import Instance
from pdflow.records.tables.message import Message, Subscription
from pdflow.records.tables.notice import Letter, Notice, NoticeAttempt, Translation
from pdflow.records.tables.party import Party, Recipient
from pdflow.records.tables.person import Demographics, Identifier, Person
from pdflow.records.tables.review import Appeal
from pdflow.records.tables.task import Task, TaskDraft, TaskGroup
from pdflow.records.tables.unit import Area, Liaison, Unit
from pdflow.records.tables.user import Grant, User
from pdflow.records.tables.weighing import DomainAnswer, Factor, GroupClaim

__all__ = [
    "Appeal",
    "Area",
    "Audit",
    "Case",
    "Clock",
    "ClockEvent",
    "Command",
    "Definition",
    "Demographics",
    "Determination",
    "Document",
    "DomainAnswer",
    "Draft",
    "EvidenceItem",
    "EvidenceView",
    "FactRow",
    "Factor",
    "Flag",
    "Grant",
    "GroupClaim",
    "HardDate",
    "Heartbeat",
    "Identifier",
    "Incident",
    "Inquiry",
    "Instance",
    "Letter",
    "Liaison",
    "Lookup",
    "Message",
    "Note",
    "Notice",
    "NoticeAttempt",
    "Party",
    "Person",
    "Recipient",
    "Subscription",
    "Table",
    "Task",
    "TaskDraft",
    "TaskGroup",
    "Transfer",
    "Translation",
    "Unit",
    "User",
    "table_of",
]
