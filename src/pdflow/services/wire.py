"""Variables between Python and the wire: canonical FEEL encoding, codes only."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from pdflow.feel.boundary import from_python, to_python
from pdflow.feel.encoding import decode, encode


def to_wire(variables: Mapping[str, Any]) -> dict[str, Any]:
    """Encode Python values (text, numbers, booleans, dates, instants, durations, lists, dicts)."""
    return {name: encode(from_python(value)) for name, value in variables.items()}


def from_wire(variables: Mapping[str, Any]) -> dict[str, Any]:
    """Decode variables of a fact, a task or a job into Python values."""
    return {name: to_python(decode(value)) for name, value in variables.items()}


def instant_text(at: datetime) -> str:
    """An instant as it is written on the wire."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"
