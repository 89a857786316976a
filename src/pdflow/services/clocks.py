"""Words and statistics that every figure of clocks shares."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Literal, TypeVar

#: Below this number of duties a share says more about chance than about the office: counts only.
FEW = 10
#: The unit accountable for a duty when it fell due, or the unit where the case began.
By = Literal["accountable", "origin"]

_Time = TypeVar("_Time", timedelta, float)


def quantile(durations: Iterable[tuple[_Time, bool]], share: float) -> _Time | None:
    """Time by which a share of duties is done, those that still run counted as censored (Kaplan and Meier 1958).

    Args:
        durations: time, or share of the allowed time, and whether the duty ended then (``False``: it runs on).
        share: 0.5 for the median.

    Returns:
        ``None`` when so few have ended that the share is not reached.
    """
    rows = sorted(durations, key=lambda row: (row[0], not row[1]))
    surviving, at_risk = 1.0, len(rows)
    for time, ended in rows:
        if ended:
            surviving *= 1 - 1 / at_risk
            if 1 - surviving >= share - 1e-12:
                return time
        at_risk -= 1
    return None
