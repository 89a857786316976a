"""One process instance: it takes events, moves tokens until nothing can move, and answers with commands and facts.

The loop: first what an interruption started, then arrivals, then throwing events; when none is left, joins that were waiting
to see whether anything still comes. After each move that changed data conditions are tested. A call makes at most
:data:`BUDGET` moves; what is left goes on with :class:`GoOn`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Self

from pdflow.engine import joins, protocol, snapshot
from pdflow.engine.behaviours import BEHAVIOURS, COMPLEX, INCLUSIVE
from pdflow.engine.behaviours.scopes import open_scope
from pdflow.engine.catching import fire, test_conditions
from pdflow.engine.intake import HANDLERS
from pdflow.engine.model import Node, Process
from pdflow.engine.protocol import Command, Continue, Event, Library, Moved, StartClock, Step
from pdflow.engine.state import EngineError, State, Token, Trouble
from pdflow.engine.tokens import incident, spawn
from pdflow.engine.variables import assign, check_size, plain, received

BUDGET = 5_000
"""Moves of one call at most: some 50 ms."""

SPENT = 1_000_000
"""Weighted FEEL steps after which a call makes no further move: at worst a second."""

NEVER_WAITS = 200_000
"""Moves without waiting for anything after which a model counts as one that never waits."""


class Execution:
    """A running instance of a process.

    Everything is in the snapshot except the host's ``functions`` and ``watch``, which it gives again to :meth:`restore`.
    """

    def __init__(self, state: State) -> None:
        self._s = state

    @classmethod
    def start(
        cls,
        library: Library,
        definition: str,
        process_id: str,
        variables: Mapping[str, Any],
        *,
        now: datetime,
        start_event: str | None = None,
        functions: Mapping[str, Callable[..., Any]] | None = None,
        watch: Callable[[Command | Moved], None] | None = None,
    ) -> tuple[Self, Step]:
        """Begin an instance: :meth:`prepare` it and move until nothing can move."""
        execution = cls.prepare(
            library,
            definition,
            process_id,
            variables,
            now=now,
            start_event=start_event,
            functions=functions,
            watch=watch,
        )
        return execution, execution._run()

    @classmethod
    def prepare(
        cls,
        library: Library,
        definition: str,
        process_id: str,
        variables: Mapping[str, Any],
        *,
        now: datetime,
        start_event: str | None = None,
        functions: Mapping[str, Callable[..., Any]] | None = None,
        watch: Callable[[Command | Moved], None] | None = None,
    ) -> Self:
        """An instance whose tokens stand at its start and have not moved: the first :class:`GoOn` moves them.

        Args:
            library: finds models and decisions by definition.
            definition: hash of the definition that holds the process.
            process_id: which process.
            variables: of the process; JSON-like data, dates or FEEL values, together at most 64 KB.
            now: the present instant, aware.
            start_event: where to begin; by default the none start event.
            functions: FEEL functions of the host, such as ``clock``.
            watch: called with each command and fact as it comes, in the one order in which they come.

        Raises:
            EngineError: when there is no such process or start event, or the variables do not fit.
        """
        s = State(library, now)
        s.functions, s.watch = functions or {}, watch
        s.begin_step()
        model = library.model(definition)
        process = model.processes.get(process_id)
        if process is None:
            raise EngineError(
                "process-unknown", f"There is no process '{process_id}'; expected one of the file's."
            )
        root = snapshot.make_root(s, definition, process.node, model)
        given = received(variables)
        check_size(s, root, given)
        root.variables = given
        starts = _starts(
            process, [model.nodes[i] for i in process.scope.starts], model.nodes.get(start_event or "")
        )
        if start_event and not starts:
            raise EngineError(
                "start-event", f"The process '{process_id}' has no start event '{start_event}'."
            )
        if not starts and process.scope.nodes:
            message = (
                f"The process '{process_id}' has several start events and none without an event; name one."
            )
            raise EngineError("start-event", message)
        execution = cls(s)
        try:
            open_scope(s, root, s.frame(definition, process.node, model))
        except Trouble as trouble:
            raise EngineError(trouble.code, str(trouble)) from trouble
        for node in starts:
            spawn(s, node, root, verb="caught" if node.events or node.id == start_event else "enter")
        if not starts:
            s.queue.append((root, "drained"))
        return execution

    @classmethod
    def restore(
        cls,
        library: Library,
        data: Mapping[str, Any],
        *,
        functions: Mapping[str, Callable[..., Any]] | None = None,
        watch: Callable[[Command | Moved], None] | None = None,
    ) -> Self:
        """The execution that :meth:`snapshot` described.

        Raises:
            EngineError: code ``snapshot-version`` for a version that this engine does not know.
        """
        state = snapshot.restore(library, data)
        state.functions, state.watch = functions or {}, watch
        return cls(state)

    def snapshot(self) -> dict[str, Any]:
        """Everything alive as JSON data; its size does not grow with what is over."""
        return snapshot.take(self._s)

    @property
    def functions(self) -> Mapping[str, Callable[..., Any]]:
        """FEEL functions of the host."""
        return self._s.functions

    @functions.setter
    def functions(self, functions: Mapping[str, Callable[..., Any]]) -> None:
        self._s.functions = functions

    @property
    def starting(self) -> list[StartClock]:
        """Clocks of the element that is being entered right now, for ``clock`` of its own timers."""
        return self._s.starting

    @property
    def earliest_due(self) -> datetime | None:
        """When the next timer is due."""
        timer = self._s.next_timer()
        return timer.due if timer is not None else None

    @property
    def ended(self) -> bool:
        """Whether the instance is over."""
        return bool(self._s.ended)

    @property
    def variables(self) -> dict[str, Any]:
        """Variables of the process, as Python values."""
        assert self._s.root is not None
        return plain(self._s.root.variables)

    def open_tokens(self) -> list[Token]:
        """Everything alive except the process itself, oldest first."""
        return [token for token in self._s.tokens.values() if token.parent is not None]

    def definition_of(self, token: str) -> str | None:
        """The definition in which a live element stands; ``None`` when there is no such token."""
        found = self._s.tokens.get(token)
        return found.home.definition if found is not None else None

    def set_variables(self, token: str | None, variables: Mapping[str, Any]) -> None:
        """Set variables as seen from a token, or of the process; conditions see them at the next event.

        Raises:
            EngineError: when the token is gone or the variables do not fit.
        """
        s = self._s
        target = s.root if token is None else s.tokens.get(token)
        if target is None or s.ended:
            raise EngineError("token-unknown", f"There is no live element '{token}'.")
        values = received(variables)
        check_size(s, target, values)
        for name, value in values.items():
            assign(s, target, name, value)

    def handle(self, event: Event, now: datetime) -> Step:
        """Take an event and move until nothing can move.

        Args:
            event: see :mod:`pdflow.engine.protocol`.
            now: the present instant, aware; never before that of the event before.

        Raises:
            EngineError: when the event's variables are refused; nothing has changed.
        """
        s = self._s
        s.begin_step()
        if s.ended:
            return Step(taken=False)
        timers_due = isinstance(event, protocol.TimersDue)
        if now > s.now or not (timers_due or isinstance(event, protocol.GoOn)):
            s.moves = 0
        s.now, s.spent = max(now, s.now), 0
        if timers_due:
            return self._run_timers()
        taken = HANDLERS[type(event)](s, event)
        step = self._run()
        step.taken = taken
        return step

    def _run_timers(self) -> Step:
        """Each due timer fires and is followed to its end before the next, in the order (due, id)."""
        s = self._s
        taken, left = False, BUDGET
        while left > 0 and not s.ended:
            timer = s.next_timer()
            if timer is None or timer.due is None or timer.due > s.now:
                break
            taken = True
            fire(s, timer, {})
            left = self._moves(left - 1)
        return self._answer(left, taken)

    def _run(self) -> Step:
        return self._answer(self._moves(BUDGET), True)

    def _answer(self, left: int, taken: bool) -> Step:
        s = self._s
        if left <= 0 and not s.ended:
            s.commands.append(Continue())
        elif s.joins:
            joins.report_stalled(s)
        step = Step(s.commands, s.facts, taken)
        s.begin_step()
        return step

    def _moves(self, left: int) -> int:
        s = self._s
        urgent, queue, throws = s.urgent, s.queue, s.throws
        while left > 0:
            if s.spent >= SPENT:
                return 0
            if s.dirty:
                s.dirty = False
                if s.conditions:
                    test_conditions(s)
            if urgent:
                token, verb = urgent.popleft()
            elif queue:
                token, verb = queue.popleft()
            elif throws:
                token, verb = throws.popleft()
            elif not self._settle():
                break
            else:
                continue
            if token.state == "gone" or (verb == "drained" and token.children):
                continue
            left -= 1
            s.moves += 1
            token.verb = verb
            try:
                if s.moves > NEVER_WAITS:
                    raise Trouble(
                        "never-waits",
                        f"The model has made {NEVER_WAITS:,} moves without waiting for anything.",
                    )
                getattr(BEHAVIOURS[token.node.type], verb)(s, token)
            except Trouble as trouble:
                s.starting = []
                if token.state != "gone":
                    incident(s, token, trouble.code, str(trouble))
        return left

    def _settle(self) -> bool:
        """Nothing can move: is there a join for which nothing can come any more?"""
        s = self._s
        if not s.joins and not s.resetting:
            return False
        for join in joins.waiting_joins(s):
            token = joins.oldest(join)
            if token.node.type == "inclusiveGateway" and INCLUSIVE.settle(s, token, join):
                return True
        return any(COMPLEX.reset(s, scope, key[1]) for key, (scope, _) in list(s.resetting.items()))


def _starts(process: Process, first: list[Node], named: Node | None) -> list[Node]:
    if named is not None:
        return [named] if named.id in process.start_events else []
    plain_starts = [node for node in first if not (node.type == "startEvent" and node.events)]
    if plain_starts:
        return plain_starts[:1] if plain_starts[0].type == "startEvent" else plain_starts
    return first if len(first) == 1 else []
