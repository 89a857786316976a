"""What a demo plays."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Plan:
    """How many cases, from which seed, up to which instant (the demo's "now", UTC)."""

    cases: int
    seed: int
    anchor: datetime
