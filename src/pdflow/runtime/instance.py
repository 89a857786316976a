"""One process instance as a pure object: what goes in is an event and the present instant, what comes out can be read off it.

The instance owns the engine, the SLA clocks, the inbox and the facts that are not written yet. Whoever drives it (the
workflow on Temporal, or :mod:`pdflow.runtime.local`) starts its jobs, asks about definitions, writes its batches, and
wakes it at :attr:`Instance.due`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pdflow.engine import EngineError
from pdflow.feel.encoding import EncodingError, decode
from pdflow.runtime import instants, simulated
from pdflow.runtime.clocks import Clocks
from pdflow.runtime.definitions import DefinitionSource
from pdflow.runtime.errors import SnapshotRefused, StartRefused
from pdflow.runtime.identity import Identity
from pdflow.runtime.inbox import Inbox
from pdflow.runtime.incoming import DefinitionsResolved, JobDone, JobFailed
from pdflow.runtime.log import FactLog
from pdflow.runtime.loop import Loop
from pdflow.runtime.messages import Answer, Batch, CommandMessage, JobCall, StartInstance, Status
from pdflow.runtime.stepper import Stepper
from pdflow.runtime.work import Work

#: Version of the snapshot's shape; an older one is read as long as its key is in :meth:`Instance.restore`.
VERSION = 1
Incoming = CommandMessage | JobDone | JobFailed | DefinitionsResolved
#: Command id to answer.
Answers = dict[str, Answer]


class Instance:
    """A process instance. Make one with :meth:`start` or :meth:`restore`.

    Calls are atomic: nothing is awaited in between. If one raises (a fault of ours or a missing definition), the object
    must be thrown away and restored from its last snapshot; see :meth:`report_fault`.
    """

    def __init__(self, identity: Identity, source: DefinitionSource) -> None:
        self._identity = identity
        self._log = FactLog()
        self._clocks = Clocks()
        self._work = Work()
        self._inbox = Inbox()
        self._stepper = Stepper(identity, source, self._log, self._clocks, self._work)
        self._loop = Loop(self._stepper, self._inbox)

    # Making one

    @classmethod
    def start(cls, start: StartInstance, source: DefinitionSource, now: datetime) -> Instance:
        """Start an instance, or take one over from ``start.snapshot``: then :meth:`wake` it.

        Args:
            start: what to start.
            source: where its definition is found.
            now: the present instant; a simulated instance starts at ``start.at`` instead.

        Raises:
            StartRefused: the process is not in the definition, or the instants do not fit.
            DefinitionMissing: the definition is not known here.
        """
        if start.snapshot is not None:
            return cls.restore(start.snapshot, source)
        if start.process not in source.model(start.definition).processes:
            raise StartRefused(f"expected a definition that holds process {start.process!r}")
        if (start.at is not None or start.anchor is not None) and not start.simulated:
            raise StartRefused(
                "expected no instant: only a simulated instance starts at another time than now"
            )
        try:
            variables = decode(start.variables)
            begin = instants.read_maybe(start.at) or now
            instants.read_maybe(start.anchor)
        except (EncodingError, ValueError) as error:
            raise StartRefused(
                f"expected variables in their encoding and instants in ISO 8601, found {error}"
            ) from error
        instance = cls(Identity.of(start), source)
        try:
            instance._begin(start, variables, begin)
        except EngineError as error:
            raise StartRefused(str(error)) from error
        return instance

    @classmethod
    def restore(cls, snapshot: dict[str, Any], source: DefinitionSource) -> Instance:
        """An instance from what :meth:`snapshot` gave.

        Raises:
            SnapshotRefused: made by a release with another shape of snapshots.
            DefinitionMissing: its definition is not known here.
        """
        if snapshot.get("version") != VERSION:
            found = snapshot.get("version")
            raise SnapshotRefused(
                f"expected a snapshot of version {VERSION}, found {found!r}; use the release that made it"
            )
        instance = cls(Identity(**snapshot["identity"]), source)
        instance._log.now = instants.read(snapshot["now"])
        instance._log.restore(snapshot["log"])
        instance._clocks.restore(snapshot["clocks"])
        instance._work.restore(snapshot["work"])
        instance._inbox.restore(snapshot["inbox"])
        instance._stepper.resume(snapshot["engine"], dict(snapshot["units"]), snapshot["thrown"])
        instance._stepper.recorder.going_on = snapshot["going_on"]
        return instance

    def snapshot(self) -> dict[str, Any]:
        """Everything the instance is, as JSON data that shares nothing with it."""
        return {
            "version": VERSION,
            "identity": self._identity.snapshot(),
            "now": instants.write(self.now),
            "log": self._log.snapshot(),
            "clocks": self._clocks.snapshot(),
            "work": self._work.snapshot(),
            "inbox": self._inbox.snapshot(),
            "engine": self._stepper.engine.snapshot(),
            "units": dict(self._stepper.units),
            "thrown": self._stepper.recorder.thrown,
            "going_on": self._stepper.going_on,
        }

    # What goes in

    def check(self, message: CommandMessage) -> Answer | None:
        """Would this command be refused right now? Changes nothing.

        Returns:
            The refusal; ``None`` when it will be tried (or is a repeat, or must wait for others before it).
        """
        return self._loop.check(message)

    def handle(self, incoming: Incoming, now: datetime) -> Answers:
        """Take in one event at the present instant (which a simulated instance does not look at).

        Returns:
            Command id to answer, of every command that was handled or refused in this call: one that waits for the
            clock of a simulated instance is answered by a later call.
        """
        self._enter(now)
        repeats: Answers = {}
        if isinstance(incoming, CommandMessage):
            repeated = self._inbox.handled(incoming.id)
            if repeated is not None:
                repeats[incoming.id] = Answer("repeat", last_fact=repeated, due=self._loop.due_text())
            self._inbox.put(incoming)
        elif isinstance(incoming, DefinitionsResolved):
            self._loop.resolved(incoming)
        else:
            self._loop.job_over(incoming)
        return {**repeats, **self._loop.run()}

    def wake(self, now: datetime) -> Answers:
        """Time has passed, or there is :attr:`more` to do. Returns answers as :meth:`handle` does."""
        self._enter(now)
        return self._loop.run()

    def keep(self, message: CommandMessage) -> None:
        """Put a command into the inbox without handling it; the next call does (late arrivals before a hand-over)."""
        self._inbox.put(message)

    def written(self, last_fact: int) -> None:
        """The records hold every fact up to this number."""
        self._log.mark_written(last_fact)

    def report_fault(self, fault: str, message: CommandMessage | None) -> dict[str, Answer]:
        """Open an incident after a call on this instance's twin has raised, and nothing of it was kept.

        A command that cannot be carried out is refused and the instance goes on. Any other fault would come back at
        once, so the instance stops acting until a person sends ``retry`` without a task: commands are refused, timers
        wait; clock levels are still announced, because lateness must show.

        Args:
            fault: a stable word for what was raised.
            message: the command that was being handled, if it was one.

        Returns:
            Command id to answer.
        """
        return self._loop.report_fault(fault, message)

    # What can be read off

    @property
    def now(self) -> datetime:
        """Instant of the last step; of a simulated instance, where its clock stands."""
        return self._log.now

    @property
    def due(self) -> datetime | None:
        """When to call :meth:`wake`; ``None``: nothing is due, or the clock of this instance does not move by itself."""
        if self._identity.simulated:
            return None
        return self.earliest_due

    @property
    def earliest_due(self) -> datetime | None:
        """The earliest due time of all timers and clock levels, also of a simulated instance."""
        return self._loop.due

    @property
    def jobs(self) -> dict[int, JobCall]:
        """Open jobs that may begin: the records hold everything before them."""
        ready = (job for job in self._work.jobs.values() if job.after <= self._log.written)
        return {} if self._loop.halted else {job.number: job.call for job in ready}

    def wants(self, job: int) -> bool:
        """Is the answer of this job still waited for?"""
        return self._work.job(job) is not None

    @property
    def resolving(self) -> list[str]:
        """Process ids whose latest definition is asked for."""
        return sorted(set(self._work.resolving.values()))

    @property
    def more(self) -> bool:
        """Is there something to do at once, without any event?"""
        return self._loop.more

    @property
    def ended(self) -> bool:
        """Has it reached its end? It may still have facts to write."""
        return self._stepper.ended

    @property
    def unwritten(self) -> int:
        """How many facts the records do not hold yet."""
        return self._log.unwritten

    def is_written(self, number: int) -> bool:
        """Do the records hold this fact?"""
        return number <= self._log.written

    @property
    def unit(self) -> str | None:
        """Accountable unit now."""
        return self._identity.unit

    @property
    def last_fact(self) -> int:
        """Number of the last fact."""
        return self._log.last

    @property
    def variables(self) -> dict[str, Any]:
        """Variables of the process scope, FEEL values."""
        return dict(self._stepper.engine.variables)

    def batch(self) -> Batch | None:
        """The next facts to write, at most 500; ``None`` when everything is written."""
        facts, messages = self._log.next_batch()
        if not facts:
            return None
        identity = self._identity
        return Batch(
            instance=identity.instance,
            process=identity.process,
            case=identity.case,
            unit=identity.unit,
            simulated=identity.simulated,
            first=facts[0].number,
            facts=facts,
            messages=messages,
            due=self._loop.due_text(),
        )

    def status(self) -> Status:
        """Where the instance stands, for ``pdflow verify`` and operators."""
        name = self._identity.instance
        return Status(
            instance=name,
            last_fact=self._log.last,
            unwritten=self._log.unwritten,
            open_tasks=[f"{name}:{token}" for token in self._work.tasks],
            open_clocks=[f"{name}:{clock}" for clock in self._clocks.ids],
            incidents=list(self._work.incidents),
            now=instants.write(self.now),
            due=self._loop.due_text(),
            simulated=self._identity.simulated,
            ended=self.ended,
            under_way=len(self._work.jobs) + len(self._work.resolving) + self.more,
        )

    # Inside

    def _begin(self, start: StartInstance, variables: dict[str, Any], begin: datetime) -> None:
        self._log.now = begin
        self._log.actor, self._log.command = start.actor, start.command
        data = {
            "process": start.process,
            "case": start.case,
            "unit": start.unit,
            "variables": start.variables,
        }
        self._log.add("started", data, definition=start.definition)
        if start.command is not None:
            self._log.add("command_done", {"name": "start", "effect": None})
        self._stepper.begin(variables, start.start_event)
        if start.command is not None:
            self._inbox.remember(start.command, self._log.last)
        simulated.become_ordinary(self._stepper)
        self._loop.run()

    def _enter(self, now: datetime) -> None:
        if not self._identity.simulated:
            self._log.now = max(now, self._log.now)
