"""The case that is carried out three ways: eight tasks of people, eight services, three calls, four clocks of three levels.

The hand-written workflows spell it out; the model and the driver are made from here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class Step:
    """One element.

    Attributes:
        kind: ``person``, ``service`` or ``call``.
        name: of the task, or of the process that is called.
        clock: policy of the clock that runs while a person's task is open.
    """

    kind: str
    name: str
    clock: str | None = None


#: Clock -> its time limit; its levels are at a half, at three quarters, and at the limit.
CLOCKS = {
    "acknowledge": timedelta(hours=48),
    "inquire": timedelta(days=10),
    "decide": timedelta(days=15),
    "notify": timedelta(hours=48),
}
LEVELS = {"half": 50, "warning": 75, "breached": 100}

PROCESSES = {
    "bench-inquiry": (
        Step("person", "inquire", "inquire"),
        Step("service", "ask"),
        Step("person", "weigh"),
        Step("service", "note"),
    ),
    "bench-determination": (
        Step("person", "write", "decide"),
        Step("person", "approve"),
        Step("service", "letter"),
    ),
    "bench-notice": (
        Step("service", "prepare"),
        Step("person", "check", "notify"),
        Step("service", "send"),
    ),
    "bench-case": (
        Step("service", "receive"),
        Step("person", "acknowledge", "acknowledge"),
        Step("service", "tell"),
        Step("person", "advise"),
        Step("call", "bench-inquiry"),
        Step("call", "bench-determination"),
        Step("call", "bench-notice"),
        Step("person", "confirm"),
        Step("service", "close"),
    ),
}
#: Tasks of people, in the order in which they come.
PEOPLE = ("acknowledge", "advise", "inquire", "weigh", "write", "approve", "check", "confirm")
