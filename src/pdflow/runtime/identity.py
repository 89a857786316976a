"""Who an instance is: what is fixed when it starts, apart from its unit."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from pdflow.runtime.messages import StartInstance


@dataclass
class Identity:
    """Ids of an instance; see :class:`~pdflow.runtime.messages.StartInstance`.

    Attributes:
        unit: accountable unit now.
        trace: sequence flows are recorded too.
    """

    instance: str
    process: str
    definition: str
    case: str | None
    unit: str | None
    simulated: bool
    anchor: str | None
    trace: bool

    @classmethod
    def of(cls, start: StartInstance) -> Identity:
        """The identity that a start asks for."""
        return cls(
            start.instance,
            start.process,
            start.definition,
            start.case,
            start.unit,
            start.simulated,
            start.anchor,
            start.trace,
        )

    def snapshot(self) -> dict[str, Any]:
        """JSON data."""
        return asdict(self)
