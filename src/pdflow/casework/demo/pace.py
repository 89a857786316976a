"""How long the staff of the demo take over a task: a median per kind of work, stretched by the pace of the office."""

import math
from datetime import timedelta

from pdflow.casework.demo.offices import PROFILES
from pdflow.casework.demo.story import generator

#: Median hours from a task's opening to its completion, and the spread (sigma of the logarithm).
PACE: dict[str, tuple[float, float]] = {
    "ask-person": (20, 0.6),
    "check-counsel": (9, 0.6),
    "own-motion-reasons": (10, 0.6),
    "acknowledge": (20, 0.7),
    "advise-evidence": (30, 0.7),
    "translate-letter": (14, 0.7),
    "inquire": (105, 0.6),
    "weigh-evidence": (40, 0.6),
    "write-determination": (100, 0.7),
    "approve": (26, 0.7),
    "approve-hq": (60, 0.6),
    "sign": (10, 0.7),
    "translate-notice": (18, 0.7),
    "serve-by-hand": (46, 0.8),
    "review-appeal": (130, 0.5),
    "review-hq": (140, 0.5),
    "answer-escalation": (64, 0.9),
    "act-on-removal-date": (60, 0.9),
    "answer-question": (18, 0.7),
    "answer-inquiry": (44, 0.9),
}
#: The pace of units that are not field offices.
ELSEWHERE = 0.95


def delay(seed: int, number: int, element: str, occurrence: int, unit: str) -> timedelta:
    """Return how long this task of this case takes.

    Args:
        seed: the demo's seed.
        number: the case's number.
        element: element id of the user task.
        occurrence: 0 for the first task of this element in the case, 1 for the next ...
        unit: unit whose people do it.
    """
    median, spread = PACE[element]
    rng = generator(seed, number, f"{element}/{occurrence}")
    pace = PROFILES[unit].pace if unit in PROFILES else ELSEWHERE
    hours = median * pace * math.exp(rng.gauss(0, spread))
    return timedelta(seconds=int(hours * 3600))
