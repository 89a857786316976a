"""The live state of an execution: one record per live thing, and nothing about what is over.

A :class:`Token` is an activity, event or gateway that is happening, or a scope (process, subprocess) that is open; a
:class:`Subscription` is something that is waited for. Ids come from one counter. Whatever can be derived from these
records is derived on restore (:mod:`pdflow.engine.snapshot`).
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from pdflow.engine.model import Model, Node, Scope
from pdflow.engine.protocol import Command, Library, Moved, StartClock
from pdflow.engine.timers import Duration


class EngineError(Exception):
    """An event or a start that the engine refuses; nothing has changed.

    Attributes:
        code: stable code.
    """

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        super().__init__(message)


class Trouble(Exception):
    """Something a person must look at: becomes an incident of the token that is being moved.

    Attributes:
        code: stable code of the incident.
    """

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        super().__init__(message)


class Frame:
    """Which definition a scope belongs to, and the inside of that scope."""

    __slots__ = ("definition", "model", "scope")

    def __init__(self, definition: str, model: Model, scope: Scope) -> None:
        self.definition = definition
        self.model = model
        self.scope = scope


class Token:
    """One live thing.

    Attributes:
        id: from the execution's counter.
        node: where it is; the process itself for the outermost.
        parent: what it belongs to: a scope, the body of a loop, or a compensation under way.
        scope: nearest enclosing scope instance.
        home: the definition and scope in which ``node`` stands.
        inside: of a scope: the frame of its children.
        role: ``scope``, ``body`` (of a loop) or empty.
        state: what it does: ``new`` (is queued), ``held`` (at a join), ``task``, ``activity``, ``resolve``, ``event``,
            ``inside``, ``undo`` (compensates), ``incident``, ``done`` (recorded as complete); ``gone``.
        verb: the move that it makes or made last; an incident is retried with it.
        item: index in a loop, 0-based.
        via: id of the flow it came by.
        variables: local ones; ``None`` where the element has no scope of its own.
        given: variables of a completion or event that are not yet mapped.
        data: small things of the behaviour.
        held: how many of its children are held at joins.
        children: what belongs to it, oldest first.
        subscriptions: what it waits for, oldest first.
    """

    __slots__ = (
        "children",
        "data",
        "given",
        "held",
        "home",
        "id",
        "inside",
        "item",
        "node",
        "parent",
        "role",
        "scope",
        "state",
        "subscriptions",
        "variables",
        "verb",
        "via",
    )

    def __init__(
        self, token_id: str, node: Node, parent: Token | None, item: int | None, via: str | None
    ) -> None:
        self.id = token_id
        self.node = node
        self.parent = parent
        self.item = item
        self.via = via
        self.held = 0
        self.role = ""
        self.state = "new"
        self.verb = "enter"
        self.variables: dict[str, Any] | None = None
        self.given: dict[str, Any] | None = None
        self.data: dict[str, Any] | None = None
        self.children: dict[str, Token] = {}
        self.subscriptions: dict[str, Subscription] = {}
        self.inside: Frame | None = None
        if parent is not None:
            if parent.role == "scope":
                self.scope: Token = parent
                self.home: Frame = parent.inside  # type: ignore[assignment]
            else:
                self.scope = parent.scope
                self.home = parent.home

    @property
    def memory(self) -> dict[str, Any]:
        """``data``, made when first needed."""
        if self.data is None:
            self.data = {}
        return self.data

    @property
    def barrier(self) -> bool:
        """Whether variables set inside stop here: the outermost process, or a called one."""
        return self.parent is None or (self.role == "scope" and self.node.type == "callActivity")


class Subscription:
    """Something that is waited for.

    Attributes:
        id: from the execution's counter.
        owner: the token that waits; when it goes, this goes.
        target: the node that catches: the owner's own, a boundary event, an event subprocess or what follows a gateway.
        index: which of the target's event definitions.
        kind: ``message``, ``signal``, ``timer`` or ``conditional``.
        name, key: of the message or signal.
        due: of a timer; ``base``, ``every``, ``round``, ``left``: of a cycle.
        was: last value of a condition: it fires when this changes to true.
    """

    __slots__ = (
        "base",
        "due",
        "every",
        "id",
        "index",
        "key",
        "kind",
        "left",
        "name",
        "owner",
        "round",
        "target",
        "was",
    )

    def __init__(self, sub_id: str, owner: Token, target: Node, index: int, kind: str) -> None:
        self.id = sub_id
        self.owner = owner
        self.target = target
        self.index = index
        self.kind = kind
        self.name: str | None = None
        self.key: str | None = None
        self.due: datetime | None = None
        self.base: datetime | None = None
        self.every: Duration | None = None
        self.round = 1
        self.left: int | None = 1
        self.was = False


class Produced(list[Any]):
    """What a step produces, in order; a host that watches hears of each thing as it comes."""

    def __init__(self, watch: Callable[[Any], None]) -> None:
        super().__init__()
        self._watch = watch

    def append(self, item: Any) -> None:
        """Add one thing."""
        super().append(item)
        self._watch(item)

    def extend(self, items: Iterable[Any]) -> None:
        """Add several, one after the other."""
        for item in items:
            self.append(item)


class State:
    """Everything alive in one instance, and what the present step has produced.

    Attributes:
        watch: called with each command and fact as it is produced.
        starting: clocks of the element that is being entered; they are announced once nothing can go wrong any more, but
            its timers may ask for them before.
        moves: made since an event or the clock last moved the instance.
        spent: weighted steps that the expressions of this call have taken.
    """

    def __init__(self, library: Library, now: datetime) -> None:
        self.library = library
        self.now = now
        self.counter = 0
        self.moves = 0
        self.spent = 0
        self.size = 0
        self.dirty = False
        self.ended = ""
        self.root: Token | None = None
        self.functions: Mapping[str, Callable[..., Any]] = {}
        self.tokens: dict[str, Token] = {}
        self.subscriptions: dict[str, Subscription] = {}
        self.urgent: deque[tuple[Token, str]] = deque()
        self.queue: deque[tuple[Token, str]] = deque()
        self.throws: deque[tuple[Token, str]] = deque()
        self.joins: dict[tuple[str, str], dict[str, deque[Token]]] = {}
        self.resetting: dict[tuple[str, str], tuple[Token, list[str]]] = {}
        self.by_name: dict[tuple[str, str], dict[str, Subscription]] = {}
        self.conditions: dict[str, Subscription] = {}
        self.timers: list[tuple[datetime, int, str]] = []
        self.watch: Callable[[Command | Moved], None] | None = None
        self.starting: list[StartClock] = []
        self.commands: list[Command] = []
        self.facts: list[Moved] = []
        self._frames: dict[tuple[str, str], Frame] = {}

    def begin_step(self) -> None:
        """Nothing has been produced yet."""
        if self.watch is None:
            self.commands, self.facts = [], []
        else:
            self.commands, self.facts = Produced(self.watch), Produced(self.watch)

    def clock(self) -> datetime:
        """The instant of the present step; what FEEL's ``now()`` gives."""
        return self.now

    def next_id(self) -> str:
        """The next id; ids are never used again."""
        self.counter += 1
        return str(self.counter)

    def frame(self, definition: str, node: Node, model: Model) -> Frame:
        """The inside of a process or subprocess of a definition."""
        key = definition, node.id
        found = self._frames.get(key)
        if found is None:
            assert node.scope is not None
            found = self._frames[key] = Frame(definition, model, node.scope)
        return found

    def add_subscription(self, sub: Subscription) -> None:
        """Keep a subscription and its indexes."""
        self.subscriptions[sub.id] = sub
        sub.owner.subscriptions[sub.id] = sub
        if sub.kind == "timer":
            assert sub.due is not None
            heapq.heappush(self.timers, (sub.due, int(sub.id), sub.id))
        elif sub.kind == "conditional":
            self.conditions[sub.id] = sub
        else:
            self.by_name.setdefault((sub.kind, sub.name or ""), {})[sub.id] = sub

    def drop_subscription(self, sub: Subscription) -> None:
        """Forget a subscription; a timer's heap entry goes when it comes up."""
        del self.subscriptions[sub.id]
        del sub.owner.subscriptions[sub.id]
        if sub.kind == "conditional":
            del self.conditions[sub.id]
        elif sub.kind != "timer":
            named = self.by_name[sub.kind, sub.name or ""]
            del named[sub.id]
            if not named:
                del self.by_name[sub.kind, sub.name or ""]

    def next_timer(self) -> Subscription | None:
        """The timer that is due first; equals by id."""
        while self.timers:
            due, _, sub_id = self.timers[0]
            sub = self.subscriptions.get(sub_id)
            if sub is not None and sub.due == due:
                return sub
            heapq.heappop(self.timers)
        return None
