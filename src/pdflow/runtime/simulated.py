"""The stepped clock of a simulated instance: it stands still until a command moves it, from due time to due time.

It waits wherever work is under way that takes no time of the case (a job, a look-up), so that what a due time sets off
is over before the next one comes. With an anchor it becomes an ordinary instance when it gets there.
"""

from __future__ import annotations

from datetime import datetime

from pdflow.runtime import instants
from pdflow.runtime.commands import Refusal
from pdflow.runtime.messages import CommandMessage
from pdflow.runtime.stepper import Stepper
from pdflow.runtime.timing import MAX_DUES, earliest, fire
from pdflow.sla import DurationRefused, duration

_NO_INSTANT: Refusal = (
    "bad-instant",
    "Expected an instant such as 2026-11-24T09:00:00Z, or a duration to advance by such as PT48H.",
)


def goal(stepper: Stepper, message: CommandMessage) -> datetime | Refusal | None:
    """The instant to which a command first moves the clock; ``None``: it takes the clock as it is."""
    by = message.variables.get("by") if message.name == "advance" else None
    if message.at is None and by is None:
        return _NO_INSTANT if message.name == "advance" else None
    if not stepper.identity.simulated:
        return "not-simulated", "Nobody moves a real clock: only a simulated instance takes an instant."
    try:
        wanted = (
            instants.read(message.at) if message.at is not None else stepper.now + duration.parse(str(by))
        )
    except (ValueError, DurationRefused, OverflowError):
        return _NO_INSTANT
    if wanted < stepper.now:
        return "in-the-past", f"The clock of this instance stands at {instants.write(stepper.now)} already."
    anchor = instants.read_maybe(stepper.identity.anchor)
    if anchor is not None and wanted > anchor:
        return "beyond-anchor", f"This instance becomes an ordinary one at {instants.write(anchor)}."
    return wanted


def move(stepper: Stepper, until: datetime, *, inclusive: bool) -> bool:
    """Move the clock on, through everything due on the way.

    Args:
        stepper: of the instance.
        until: where the clock shall stand in the end.
        inclusive: whether what is due at ``until`` is fired too, or left until a command at that instant is handled.

    Returns:
        Whether it got there; ``False``: work is under way, or the budget of this call is used up.
    """
    for _ in range(MAX_DUES):
        if stepper.work.busy or stepper.going_on:
            return False
        due = earliest(stepper)
        if due is None or due > until or (due == until and not inclusive):
            stepper.log.now = until
            become_ordinary(stepper)
            return True
        stepper.log.now = max(stepper.now, due)
        fire(stepper, stepper.now)
    return False


def become_ordinary(stepper: Stepper) -> None:
    """From its anchor on, a simulated instance lives in real time."""
    identity = stepper.identity
    if identity.simulated and identity.anchor is not None and stepper.now >= instants.read(identity.anchor):
        identity.simulated = False
        identity.anchor = None
        stepper.log.add("anchored", {})
