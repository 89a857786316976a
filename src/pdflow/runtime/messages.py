"""The dataclasses that cross the wire between services, workflows and activities.

They carry ids, codes, numbers and dates; never personal data or free text (those stay in the command row of the
records). Everything is JSON: instants are ISO 8601 in UTC, variables are in FEEL's canonical encoding
(:mod:`pdflow.feel.encoding`). A field added later has a default, so that older histories still decode.
"""

from dataclasses import dataclass, field
from typing import Any, Literal

#: Name of the workflow that carries every process instance.
WORKFLOW = "ProcessInstance"
#: Its one update, its queries, and the activities that it calls by name.
UPDATE_COMMAND = "command"
QUERY_STATUS = "status"
QUERY_SNAPSHOT = "snapshot"
ACTIVITY_PROJECT = "project"
ACTIVITY_RESOLVE = "resolve_definitions"
ACTIVITY_JOB = "run_job"


@dataclass
class StartInstance:
    """Start one process instance.

    Attributes:
        instance: ULID made by the service; the workflow id is ``<process>/<instance>``.
        definition: SHA-256 of the manifest.
        case: case id, ``None`` for a process that has none.
        unit: accountable unit code, for search and for clocks that name none.
        command: id of the command row that asked for it.
        actor: user id.
        at: ISO instant; only for a simulated instance: its clock starts here.
        simulated: the clock is stepped and moves only by ``advance`` or actions that carry ``at``.
        anchor: ISO instant at which a simulated instance becomes an ordinary one; ``None``: never.
        snapshot: start from this runtime snapshot instead (seeding, continue-as-new); it alone counts then.
        trace: sequence flows that are taken are facts too (``taken``), for ``pdflow run --trace``.
        start_event: id of the start event; ``None``: the none start event.
    """

    instance: str
    process: str
    definition: str
    variables: dict[str, Any]
    case: str | None = None
    unit: str | None = None
    command: str | None = None
    actor: str | None = None
    at: str | None = None
    simulated: bool = False
    anchor: str | None = None
    snapshot: dict[str, Any] | None = None
    trace: bool = False
    start_event: str | None = None


@dataclass
class CommandMessage:
    """One command for a running instance; the update id is the command id.

    Attributes:
        name: one of :data:`pdflow.runtime.COMMANDS`.
        actor: user id; empty when nobody of ours sent it.
        effect: registered command whose effect the projection applies (``determination.sign``); ``None``: none.
        task: task id ``<instance>:<token>`` for ``complete``, ``throw_error``, ``retry`` and ``set_variables``.
        message, key: name and correlation key of a ``message``; name of a ``signal``; code of a ``throw_error``.
        variables: codes, numbers, dates and booleans only.
        at: ISO instant; only a simulated instance takes it: its clock first moves to it, through its due times.
            ``advance`` may say ``variables={"by": "PT48H"}`` instead.
    """

    id: str
    name: str
    actor: str
    effect: str | None = None
    task: str | None = None
    message: str | None = None
    key: str | None = None
    variables: dict[str, Any] = field(default_factory=dict)
    at: str | None = None


@dataclass
class Answer:
    """The workflow's answer to a command.

    Attributes:
        status: ``done``, ``running`` (accepted, the projection is not written yet), ``repeat`` (this id was already
            handled) or ``refused``.
        code: stable code of a refusal (``task-not-open``, ``not-simulated``, ``not-taken`` ...).
        sentence: for people, without personal data.
        last_fact: number of the last fact of the step.
        due: ISO instant of the instance's next due time.
    """

    status: Literal["done", "running", "repeat", "refused"]
    code: str | None = None
    sentence: str | None = None
    last_fact: int = 0
    due: str | None = None


@dataclass
class Fact:
    """One line of the append-only primary history.

    Attributes:
        number: 1, 2, 3 ... within the instance.
        kind: see ``KINDS``.
        at: ISO instant (UTC) of the step that made it.
        element, token, scope, item: where in the model.
        definition: manifest hash of the element's model.
        actor: user id when a person caused it; ``None``: the engine.
        command: id of the command that caused the step.
        data: what else belongs to the kind (below), JSON.
    """

    number: int
    kind: str
    at: str
    element: str | None = None
    token: str | None = None
    scope: str | None = None
    item: int | None = None
    definition: str | None = None
    actor: str | None = None
    command: str | None = None
    data: dict[str, Any] = field(default_factory=dict)


#: kind -> keys of ``data``.
KINDS: dict[str, tuple[str, ...]] = {
    "started": ("process", "case", "unit", "variables"),
    "entered": ("type", "properties"),
    "completed": ("type",),
    "terminated": ("type",),
    "taken": ("type",),  # a sequence flow; only when the instance was started with ``trace``
    "task_opened": (
        "name",
        "form",
        "assignee",
        "groups",
        "users",
        "due",
        "follow_up",
        "priority",
        "headers",
        "properties",
        "variables",
        "clock",
    ),
    "task_closed": ("outcome",),  # completed, cancelled
    "task_changed": ("groups",),  # the case has moved to another unit
    # unit = accountable unit; holder = office | person; levels = [[name, iso], ...]
    "clock_started": ("clock", "policy", "subject", "unit", "holder", "due", "levels"),
    "clock_level": ("clock", "policy", "subject", "level", "due"),
    "clock_stopped": ("clock", "policy", "subject", "outcome"),  # met, met_late, cancelled
    "clock_changed": ("clock", "unit", "due"),
    "escalated": ("clock", "policy", "subject", "step", "level"),
    "incident_raised": ("code", "message"),
    "incident_cleared": (),
    "subscribed": ("message", "key"),
    "unsubscribed": (),
    "message_taken": ("message", "key"),
    "message_thrown": ("message", "key", "id"),
    "job_done": ("type",),
    "command_done": ("name", "effect"),
    "anchored": (),  # a simulated instance has become an ordinary one
    "ended": ("state", "variables"),
}


@dataclass
class OutgoingMessage:
    """A message thrown by an instance; matched with whoever awaits it in the records, delivered once by its id.

    Attributes:
        signal: it is a broadcast to every other instance that listens, without a key.
    """

    id: str
    name: str
    key: str | None
    variables: dict[str, Any]
    at: str
    signal: bool = False


@dataclass
class Batch:
    """What one projection writes, in one transaction, idempotent by (instance, fact number).

    Attributes:
        first: number of the first fact of the batch; rows of this instance from that number on are undone first.
        case, process, unit, simulated: of the instance, so that the projection needs no look-up.
        due: ISO instant of the instance's next due time, shown to operators.
    """

    instance: str
    process: str
    case: str | None
    unit: str | None
    simulated: bool
    first: int
    facts: list[Fact]
    messages: list[OutgoingMessage] = field(default_factory=list)
    due: str | None = None


def read_batch(data: dict[str, Any]) -> Batch:
    """A batch from its JSON data.

    The converter walks every field of every fact by its type hints, which takes ten times as long as the rest of the
    decoding; the activity that receives batches therefore takes the data as it is.
    """
    facts = [Fact(**fact) for fact in data["facts"]]
    messages = [OutgoingMessage(**message) for message in data["messages"]]
    return Batch(**{**data, "facts": facts, "messages": messages})


@dataclass
class JobCall:
    """One call of a registered job (the activity of a service task).

    Attributes:
        key: ``<instance>:<token>``: what the job does is done once for it.
        at: ISO instant of the step (simulated or real).
        quick: idempotent and short: run as a local activity.
    """

    key: str
    instance: str
    token: str
    element: str
    type: str
    case: str | None
    headers: dict[str, str]
    variables: dict[str, Any]
    properties: dict[str, Any]
    at: str
    retries: int
    simulated: bool
    quick: bool = True


@dataclass
class JobResult:
    """What a job answered.

    Attributes:
        error: BPMN error code the job threw; ``None``: it went well.
    """

    variables: dict[str, Any] = field(default_factory=dict)
    error: str | None = None
    message: str | None = None


@dataclass
class ResolveCall:
    """Which definition is the latest of each of these processes?"""

    processes: list[str]


@dataclass
class Resolved:
    """Process id -> definition hash; a process that is not deployed is absent."""

    definitions: dict[str, str]


@dataclass
class Status:
    """Answer of the ``status`` query, compared with the records by ``pdflow verify``.

    Attributes:
        under_way: jobs, questions for definitions and steps of its own that an instance is about; 0 and nothing
            unwritten: it waits for people, messages or its clock.
    """

    instance: str
    last_fact: int
    unwritten: int
    open_tasks: list[str]
    open_clocks: list[str]
    incidents: list[str]
    now: str
    due: str | None
    simulated: bool
    ended: bool
    under_way: int = 0
