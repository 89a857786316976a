"""A policy: the only place where the number of a clock is written (domain rules 3.2, S22, S26).

A policy says how long a duty may take, who has the clock (an office, or the person whose answer is awaited), when to
warn, and who is told when. It is data, versioned with the pack it comes from, and pinned by the manifest of a process.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    ValidationError,
    model_validator,
)

from pdflow.sla import duration
from pdflow.sla.errors import DurationRefused, PolicyRefused

#: Name of the level that every clock has: its due instant.
BREACHED = "breached"

Step = Literal["liaison", "director", "headquarters"]
#: How high a step goes, as models see it in ``escalation.level``.
STEP_LEVEL: dict[str, int] = {"liaison": 1, "director": 2, "headquarters": 3}


def _exact(value: object) -> timedelta:
    if not isinstance(value, str):
        raise ValueError("expected an ISO 8601 duration such as PT48H")
    try:
        return duration.parse(value)
    except DurationRefused as error:
        raise ValueError(str(error)) from error


Duration = Annotated[timedelta, BeforeValidator(_exact), PlainSerializer(duration.write, return_type=str)]
Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,39}$")]


class _Closed(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Level(_Closed):
    """One instant on the way of a clock.

    Attributes:
        percent: share of the target that has passed, 1 to 99; a warning.
        after_breach: time after the due instant; a reminder that nobody acted.
    """

    name: Code
    percent: Annotated[int, Field(ge=1, le=99)] | None = None
    after_breach: Duration | None = None

    @model_validator(mode="after")
    def _one_of(self) -> Level:
        if (self.percent is None) == (self.after_breach is None):
            raise ValueError("expected exactly one of percent and after_breach")
        if self.name == BREACHED:
            raise ValueError("expected another name: the due instant itself is the level 'breached'")
        if self.after_breach is not None and self.after_breach <= timedelta(0):
            raise ValueError("expected after_breach to be longer than nothing")
        return self


class Escalation(_Closed):
    """Who is told when a level is reached."""

    level: Code
    step: Step


class Reached(NamedTuple):
    """A level of one clock with its instant (UTC)."""

    name: str
    at: datetime


class Policy(_Closed):
    """One duty with a time limit.

    Attributes:
        target: how long it may take, in elapsed time.
        calendar: ``elapsed``: weekends, holidays and changes of the clock on the wall do not count differently.
        holder: ``office``: the accountable unit must act; ``person``: the person asked has this long to answer.
        pausable: always false here: a stopped clock that nobody sees is a proven harm (domain finding 6).
    """

    id: Code
    title: Annotated[str, Field(min_length=1, max_length=200)]
    target: Duration
    calendar: Literal["elapsed"]
    holder: Literal["office", "person"]
    levels: Annotated[tuple[Level, ...], Field(strict=False, max_length=12)] = ()
    escalation: Annotated[tuple[Escalation, ...], Field(strict=False, max_length=12)] = ()
    pausable: Literal[False] = False

    @model_validator(mode="after")
    def _consistent(self) -> Policy:
        if self.target <= timedelta(0):
            raise ValueError("expected a target longer than nothing")
        names = [level.name for level in self.levels]
        if len(set(names)) < len(names):
            raise ValueError("expected every level to have a name of its own")
        for entry in self.escalation:
            if entry.level not in (*names, BREACHED):
                raise ValueError(f"expected escalation to name a level of this policy, found {entry.level!r}")
        return self

    def due(self, started: datetime) -> datetime:
        """The due instant of a clock that starts now."""
        return started + self.target

    def instants(self, started: datetime) -> tuple[Reached, ...]:
        """Every level with its instant, the breach among them, in the order (instant, name)."""
        due = self.due(started)
        instants = [Reached(BREACHED, due)]
        for level in self.levels:
            if level.percent is not None:
                instants.append(Reached(level.name, started + self.target * level.percent // 100))
            elif level.after_breach is not None:
                instants.append(Reached(level.name, due + level.after_breach))
        return tuple(sorted(instants, key=lambda reached: (reached.at, reached.name)))

    def steps(self, level: str) -> tuple[Step, ...]:
        """Who is told at this level, in the order of the policy."""
        return tuple(entry.step for entry in self.escalation if entry.level == level)

    def data(self) -> dict[str, Any]:
        """The policy as JSON data, as it stands in a manifest."""
        return self.model_dump(mode="json", exclude_none=True)


def read_policy(data: Mapping[str, Any], *, place: str = "policy") -> Policy:
    """Read one policy from JSON data.

    Args:
        data: the policy, as it stands in a pack or a manifest.
        place: where the data stands, for the sentences of a refusal.

    Raises:
        PolicyRefused: an unknown key, a missing one, or a value outside its list; every reason is given.
    """
    try:
        return Policy.model_validate(data)
    except ValidationError as error:
        raise PolicyRefused([_sentence(place, detail) for detail in error.errors()]) from error


def _sentence(place: str, detail: Any) -> str:
    where = ".".join([place, *(str(part) for part in detail["loc"])])
    if detail["type"] == "extra_forbidden":
        return f"{where}: expected no such key"
    if detail["type"] == "missing":
        return f"{where}: expected this key"
    message = detail["msg"].removeprefix("Value error, ")
    return f"{where}: {message[:1].lower()}{message[1:]}"
