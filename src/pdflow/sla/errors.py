"""What this layer raises: one root, stable codes."""

from __future__ import annotations

from collections.abc import Sequence


class SlaError(Exception):
    """Root of everything this package raises; ``code`` is stable."""

    code = "sla"


class DurationRefused(SlaError):
    """A text that is not an exact ISO 8601 duration."""

    code = "duration-refused"


class PolicyRefused(SlaError):
    """A policy or a pack that does not follow the schema.

    Attributes:
        reasons: every reason, each with the place in the data and what was expected there.
    """

    code = "policy-refused"

    def __init__(self, reasons: Sequence[str]) -> None:
        self.reasons = list(reasons)
        super().__init__("; ".join(self.reasons))


class ClockError(SlaError):
    """Events that cannot be the history of one clock."""

    code = "clock-events"
