"""What goes into an execution and what comes out of it.

An execution never awaits and never touches the world: it takes an event and the present instant, and answers with a
:class:`Step`: commands (what somebody else must now do) and facts (what has happened, for the record).
All instants are aware datetimes in UTC. Nobody changes one of these once it is made; the three that every step makes are
not frozen because freezing would cost a third of the step.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

# Events: what the outside tells the engine


@dataclass(frozen=True)
class Completed:
    """The work of a token is done: a user task completed by a person, or an activity that returned."""

    token: str
    variables: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class ErrorThrown:
    """The work of a token ended with a BPMN error (BPMN 2.0.2 section 10.5.6); uncaught it becomes an incident."""

    token: str
    code: str
    message: str = ""
    variables: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class WorkFailed:
    """The work of a token failed for a reason the model does not know; its retries are used up: an incident."""

    token: str
    message: str


@dataclass(frozen=True)
class Retried:
    """A person resolves the incident of a token: variables are set in its scope, and the element is tried again."""

    token: str
    variables: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class TimersDue:
    """Time has moved on: every timer due at or before ``now`` fires, in the order (due, id)."""


@dataclass(frozen=True)
class MessageReceived:
    """A message delivered to this instance; taken by the oldest subscription of that name and key, or by none."""

    name: str
    key: str | None = None
    variables: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class SignalReceived:
    """A signal: every subscription of that name takes it."""

    name: str
    variables: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class DefinitionResolved:
    """Answer to :class:`ResolveDefinition`: the definition a call activity is bound to; ``None``: there is none."""

    token: str
    definition: str | None


@dataclass(frozen=True)
class Cancel:
    """End the instance now; every live element is terminated."""

    reason: str


@dataclass(frozen=True)
class GoOn:
    """Continue a step that stopped at its budget (see :class:`Continue`)."""


Event = (
    Completed
    | ErrorThrown
    | WorkFailed
    | Retried
    | TimersDue
    | MessageReceived
    | SignalReceived
    | DefinitionResolved
    | Cancel
    | GoOn
)

# Commands: what the engine wants to be done


@dataclass(slots=True)
class OpenTask:
    """Open a user task (BPMN 2.0.2 section 10.3.3; ``zeebe:userTask``, ``assignmentDefinition``, ``formDefinition``...).

    Attributes:
        candidate_groups: evaluated; a group is ``<unit>.<role>``.
        due: from ``zeebe:taskSchedule dueDate``; derives from a clock where the model says ``=clock("...").due``.
        variables: the task's own scope after its input mappings (codes only).
        properties: the element's ``zeebe:property`` entries, FEEL values (leading ``=``) evaluated.
    """

    token: str
    element: str
    name: str
    form: str | None
    assignee: str | None
    candidate_groups: tuple[str, ...]
    candidate_users: tuple[str, ...]
    due: datetime | None
    follow_up: datetime | None
    priority: int
    variables: Mapping[str, Any]
    headers: Mapping[str, str]
    properties: Mapping[str, Any]
    definition: str


@dataclass(frozen=True)
class CloseTask:
    """The user task of a token is over without being completed."""

    token: str


@dataclass(slots=True)
class RunActivity:
    """Run the activity of a service, send, script or business rule task that names a ``zeebe:taskDefinition type``."""

    token: str
    element: str
    type: str
    retries: int
    headers: Mapping[str, str]
    variables: Mapping[str, Any]
    properties: Mapping[str, Any]


@dataclass(frozen=True)
class CancelActivity:
    """The activity of a token is no longer wanted; its result will be ignored."""

    token: str


@dataclass(frozen=True)
class ResolveDefinition:
    """Which definition is the latest of this process? Answer with :class:`DefinitionResolved`."""

    token: str
    process: str


@dataclass(frozen=True)
class Subscribe:
    """From now on a message of this name and key is awaited here."""

    token: str
    message: str
    key: str | None


@dataclass(frozen=True)
class Unsubscribe:
    """The message subscription of this token is gone."""

    token: str


@dataclass(frozen=True)
class ThrowMessage:
    """Send a message to whoever awaits this name and key (never the sender's own business to find out who)."""

    token: str
    name: str
    key: str | None
    variables: Mapping[str, Any]


@dataclass(frozen=True)
class ThrowSignal:
    """Broadcast a signal beyond this instance; inside the instance it has already been caught."""

    name: str
    variables: Mapping[str, Any]


@dataclass(frozen=True)
class StartClock:
    """Start an SLA clock: ``sla:policy`` of the element just entered, or ``sla:start`` of an event or activity.

    Attributes:
        token: the token whose element carries the setting.
        scope: ``True`` when the element itself is measured: the clock stops with it.
        subject: evaluated ``sla:subject``; ``None``: the whole case.
        unit: evaluated ``sla:unit``: the accountable unit; ``None``: the runtime's default (variable ``office``).
    """

    token: str
    element: str
    policy: str
    subject: str | None
    unit: str | None
    scope: bool


@dataclass(frozen=True)
class StopClock:
    """Stop a clock: its element completed, or ``sla:stop`` was passed.

    Attributes:
        cancelled: the measured element was terminated: the duty is gone, the clock neither met nor breached.
    """

    policy: str
    subject: str | None
    token: str | None
    cancelled: bool


@dataclass(frozen=True)
class RaiseIncident:
    """Something a person must look at; the token stays where it is."""

    token: str
    element: str
    code: str
    message: str


@dataclass(frozen=True)
class ClearIncident:
    """The incident of this token is resolved or its element is gone."""

    token: str


@dataclass(frozen=True)
class Continue:
    """The budget of this call is used up: send :class:`GoOn`."""


@dataclass(frozen=True)
class Finish:
    """The instance has ended.

    Attributes:
        state: ``completed`` or ``terminated``.
        variables: the variables of the process scope at the end.
    """

    state: str
    variables: Mapping[str, Any]


Command = (
    OpenTask
    | CloseTask
    | RunActivity
    | CancelActivity
    | ResolveDefinition
    | Subscribe
    | Unsubscribe
    | ThrowMessage
    | ThrowSignal
    | StartClock
    | StopClock
    | RaiseIncident
    | ClearIncident
    | Continue
    | Finish
)

# Facts: what has happened


@dataclass(slots=True)
class Moved:
    """One thing that happened to an element: a line of the trace.

    Attributes:
        event: ``enter``, ``complete``, ``terminate``, ``take`` (a sequence flow), ``incident`` or ``end``.
        type: BPMN local name of the element (``userTask``, ``sequenceFlow``, ...).
        token: token id; ``None`` for a flow.
        scope: token id of the enclosing scope instance; ``None`` at process level.
        item: index of a multi-instance item, 0-based; else ``None``.
        properties: the element's ``zeebe:property`` entries that are neither empty nor ``sla:*``, evaluated; on ``enter``.
    """

    event: str
    element: str
    type: str
    token: str | None
    scope: str | None
    item: int | None
    definition: str
    properties: Mapping[str, Any] = field(default_factory=dict)


@dataclass
class Step:
    """Answer to one event.

    Attributes:
        taken: ``False`` when the event met nothing that waits for it (a stale completion, an unmatched message).
    """

    commands: list[Command] = field(default_factory=list)
    facts: list[Moved] = field(default_factory=list)
    taken: bool = True


class Decision(Protocol):
    """A decision that a business rule task calls (``zeebe:calledDecision``)."""

    def __call__(self, inputs: Mapping[str, Any], now: datetime) -> Any:
        """The decision's value for these inputs."""


class Library(Protocol):
    """Where an execution finds definitions by hash; pure and preloaded."""

    def model(self, definition: str) -> Any:
        """The :class:`pdflow.engine.Model` of a definition."""

    def decision(self, definition: str, decision: str) -> Decision | None:
        """A decision deployed with this definition."""
