"""Due times of an instance: BPMN timers and clock levels in one order, and the stepped clock of a simulated one.

At one instant, what stops a clock comes before what is due: commands first, then BPMN timers, then clock levels in the
order (due, id).
"""

from __future__ import annotations

from datetime import datetime

from pdflow.engine.protocol import TimersDue
from pdflow.runtime.stepper import Stepper

#: Due times handled in one call at most; a cycle without length must not keep a call for ever.
MAX_DUES = 1000


def earliest(stepper: Stepper) -> datetime | None:
    """The earliest due time of all timers and levels."""
    if stepper.ended:
        return None
    level = stepper.clocks.next()
    timer = stepper.engine.earliest_due
    if level is None:
        return timer
    return level[0] if timer is None else min(timer, level[0])


def fire(stepper: Stepper, until: datetime, *, inclusive: bool = True) -> bool:
    """Fire, at the present instant, everything that is due up to another one.

    Args:
        stepper: of the instance.
        until: due times after it stay.
        inclusive: whether ``until`` itself is due.

    Returns:
        Whether nothing more is due; ``False``: the engine's budget or ours was used up, call again.
    """
    for _ in range(MAX_DUES):
        due = earliest(stepper)
        if due is None or due > until or (due == until and not inclusive):
            return True
        if stepper.engine.earliest_due == due:
            stepper.step(TimersDue())
        else:
            level = stepper.clocks.next()
            assert level is not None
            stepper.reach_level(level[1])
        if stepper.going_on:
            return False
    return False
