"""SLA policies and clocks: pure functions of instants, no clock of their own and no I/O."""

from pdflow.sla.accountability import PERSON, accountable, held
from pdflow.sla.clock import (
    Clock,
    ClockEvent,
    LevelReached,
    Outcome,
    Reassigned,
    Started,
    Status,
    Stopped,
    Stretch,
    disagreements,
    fold,
    opened,
    start,
)
from pdflow.sla.errors import ClockError, DurationRefused, PolicyRefused, SlaError
from pdflow.sla.pack import Pack, read_pack
from pdflow.sla.policy import BREACHED, STEP_LEVEL, Policy, Reached, read_policy

__all__ = [
    "BREACHED",
    "PERSON",
    "STEP_LEVEL",
    "Clock",
    "ClockError",
    "ClockEvent",
    "DurationRefused",
    "LevelReached",
    "Outcome",
    "Pack",
    "Policy",
    "PolicyRefused",
    "Reached",
    "Reassigned",
    "SlaError",
    "Started",
    "Status",
    "Stopped",
    "Stretch",
    "accountable",
    "disagreements",
    "fold",
    "held",
    "opened",
    "read_pack",
    "read_policy",
    "start",
]
