"""State of one evaluation: the step budget, the depth of invocations, the clock, host functions, warnings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pdflow.feel.errors import BudgetExceeded, FeelWarning

DEFAULT_STEPS = 1_000_000
MAX_FRAMES = 700
MAX_STRING = 1_000_000
_MAX_WARNINGS = 100


@dataclass(slots=True)
class Runtime:
    """What closures share while they run.

    Attributes:
        left: weighted steps still allowed. One step is about a microsecond at worst.
        frames: Python frames that invocations in progress may use; bounds recursion without RecursionError.
        clock: gives an aware instant for ``now()`` and ``today()``.
        functions: functions of the host by name.
    """

    left: int = DEFAULT_STEPS
    frames: int = 0
    clock: Callable[[], datetime] | None = None
    functions: Mapping[str, Callable[..., Any]] = field(default_factory=dict)
    warnings: list[FeelWarning] = field(default_factory=list)

    def charge(self, steps: int) -> None:
        """Pay for work about to be done.

        Raises:
            BudgetExceeded: when the budget does not cover it.
        """
        self.left -= steps
        if self.left < 0:
            raise BudgetExceeded(
                "expected an evaluation within its budget of steps; simplify it or raise the budget"
            )

    def warn(self, code: str, message: str, position: int = -1) -> Any:
        """Note why something became null; gives that null, so that callers can return it."""
        if len(self.warnings) < _MAX_WARNINGS:
            self.warnings.append(FeelWarning(code, message, position))
        return None

    def enter(self, frames: int) -> None:
        """Begin an invocation that may use some Python frames.

        Raises:
            BudgetExceeded: when invocations are nested too deep.
        """
        self.frames += frames
        if self.frames > MAX_FRAMES:
            raise BudgetExceeded("expected invocations that are not nested without end; look for a recursion")

    def leave(self, frames: int) -> None:
        """End an invocation."""
        self.frames -= frames

    def check_string(self, length: int) -> None:
        """Refuse a string that would become too long.

        Raises:
            BudgetExceeded: above `MAX_STRING` characters.
        """
        self.charge(length >> 8)
        if length > MAX_STRING:
            raise BudgetExceeded(f"expected strings of at most {MAX_STRING} characters, found {length}")
