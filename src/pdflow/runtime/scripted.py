"""One instance driven by a script, in simulated time: ``pdflow run --no-temporal`` and ``pdflow test-model``.

The instance moves until nothing can move; then the next entry of the script is applied, to the oldest match. What a
worker would do is answered from the script; a service or script task that the script does not name any more completes
with no variables. A message that the instance throws and awaits itself is delivered to it, as the platform would.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from pdflow.feel.boundary import from_python
from pdflow.feel.encoding import encode
from pdflow.runtime import instants
from pdflow.runtime.books import Books
from pdflow.runtime.definitions import DefinitionSource
from pdflow.runtime.incoming import JobDone, JobFailed
from pdflow.runtime.instance import Instance
from pdflow.runtime.local import LocalDriver
from pdflow.runtime.messages import Batch, CommandMessage, JobCall, JobResult, OutgoingMessage, StartInstance
from pdflow.runtime.script import Entry, ScriptRefused

#: Jobs answered, or due times passed, between two entries at most: after so many a model never waits.
MAX_ANSWERS = 100_000
#: Id of the instance; there is only one.
INSTANCE = "run"


class EntryUnmatched(ScriptRefused):
    """An entry that met nothing that waits for it.

    Attributes:
        index: of the entry, from 0.
    """

    code = "entry-unmatched"

    def __init__(self, index: int, entry: Entry, waiting: str) -> None:
        self.index, self.entry, self.waiting = index, entry, waiting
        super().__init__(f"Entry {index} ({entry}) matches nothing; {waiting}.")

    def counted_from(self, skipped: int) -> EntryUnmatched:
        """The same when the run began behind the first entries of the whole script."""
        return EntryUnmatched(self.index + skipped, self.entry, self.waiting)


class Scripted:
    """An instance, what it waits for, and everything that happened to it.

    Attributes:
        now: simulated instant.
        books: everything that happened, and what is open now.
    """

    def __init__(
        self,
        source: DefinitionSource,
        definition: str,
        process: str,
        *,
        now: datetime,
        resolve: Callable[[str], str | None],
        strict_script: bool = False,
        drive: Callable[..., LocalDriver] = LocalDriver,
    ) -> None:
        """Prepare an instance.

        Args:
            source: where definitions are found.
            definition: hash of the definition that holds the process.
            process: id of the process.
            now: instant at which simulated time begins.
            resolve: hash of the definition of a called process, ``None`` when there is none.
            strict_script: service and script tasks wait for an entry.
            drive: makes the driver of the instance from its source and the callbacks of :class:`LocalDriver`.
        """
        self._definition, self._process, self._strict = definition, process, strict_script
        self._driver = drive(
            source,
            run_job=self._run_job,
            resolve=lambda processes: {
                one: found for one in processes if (found := resolve(one)) is not None
            },
            write=self._write,
            post=self._post,
        )
        self._script: Sequence[Entry] = ()
        self._next = self._answers = self._commands = 0
        self._posted: list[OutgoingMessage] = []
        self._instance: Instance | None = None
        self.now = now
        self.books = Books(process)

    def run(
        self, variables: Mapping[str, Any], script: Sequence[Entry], *, start_event: str | None = None
    ) -> str:
        """Start the instance and apply the whole script.

        Args:
            variables: of the process scope, FEEL values.
            script: what happens, in order.
            start_event: id of the start event; ``None``: the none start event.

        Returns:
            ``completed``, ``waits`` or ``incident``.

        Raises:
            EntryUnmatched: an entry met nothing; everything before it has been applied.
            ScriptRefused: an entry is refused, such as one with more variables than a case may have.
            StartRefused: the start is refused.
        """
        self._script, self._next = script, 0
        start = StartInstance(
            INSTANCE,
            self._process,
            self._definition,
            encode(dict(variables)),
            trace=True,
            start_event=start_event,
        )
        self._instance = self._driver.start(start, self.now)
        self._deliver()
        for index, entry in enumerate(script):
            self._next, self._answers = index + 1, 0
            if not self._apply(index, entry):
                raise EntryUnmatched(index, entry, self.waiting())
            self._deliver()
        return self.state

    @property
    def state(self) -> str:
        """``completed``, ``incident`` when a person must look at it, else ``waits``."""
        if self.books.ended is not None:
            return "completed"
        return "incident" if self.books.incidents else "waits"

    @property
    def variables(self) -> Any:
        """Variables of the process scope, now or at the end, in their canonical encoding."""
        if self.books.ended is not None:
            return self.books.ended
        return encode(from_python(self._live.variables))

    @property
    def due(self) -> datetime | None:
        """The earliest timer or SLA level."""
        return self._live.earliest_due

    @property
    def _live(self) -> Instance:
        assert self._instance is not None
        return self._instance

    def waiting(self) -> str:
        """What the instance waits for, in words."""
        if self.books.ended is not None:
            return "the instance has ended"
        parts = [*self.books.waiting(), *(f"activity {job.element}" for job in self._live.jobs.values())]
        if self.due is not None:
            parts.append(f"time {instants.write(self.due)}")
        return "it waits for " + (", ".join(parts) or "a signal or a condition")

    def _apply(self, index: int, entry: Entry) -> bool:
        if self.books.ended is not None:
            return False
        if entry.kind == "advance":
            self._advance(self.now + entry.duration)
            return True
        if entry.kind in {"message", "signal"}:
            return self._command(index, entry, entry.kind, message=entry.name, key=entry.key)
        for number, job in self._live.jobs.items():
            if job.element == entry.name:
                self._driver.tell(self._live, _answer(number, entry), self.now)
                return True
        token = next((token for token, element in self.books.tasks.items() if element == entry.name), None)
        if token is None or (entry.kind == "fail" and entry.error is None):
            return False
        name = "complete" if entry.kind == "complete" else "throw_error"
        return self._command(index, entry, name, task=f"{INSTANCE}:{token}", key=entry.error)

    def _command(self, index: int, entry: Entry, name: str, **fields: Any) -> bool:
        before = len(self.books.facts)
        message = self._message(name, variables=encode(dict(entry.variables or {})), **fields)
        answer = self._driver.send(self._live, message, self.now)
        if answer.status == "refused":
            if answer.code == "not-taken":
                return False
            raise ScriptRefused(f"Entry {index} ({entry}): {answer.sentence}")
        # Nobody is asked whether a signal is awaited: one that met nothing leaves only its own fact.
        return name != "signal" or len(self.books.facts) > before + 1

    def _advance(self, target: datetime) -> None:
        while (due := self._live.due) is not None and due <= target and self._answers < MAX_ANSWERS:
            self._answers += 1
            self.now = max(self.now, due)
            self._driver.wake(self._live, self.now)
            self._deliver()
        if self._answers >= MAX_ANSWERS:
            self.books.never_waits(self.now)
        self.now = max(self.now, target)

    def _run_job(self, call: JobCall) -> JobResult | None:
        """Answer a job that no entry to come names."""
        named = any(
            one.name == call.element and one.kind in {"complete", "fail"}
            for one in self._script[self._next :]
        )
        if named or self._strict:
            return None
        self._answers += 1
        if self._answers > MAX_ANSWERS:
            self.books.never_waits(self.now)
            return None
        return JobResult()

    def _write(self, batch: Batch) -> None:
        self.books.enter(batch.facts)

    def _post(self, messages: list[OutgoingMessage]) -> None:
        self._posted += [message for message in messages if not message.signal]

    def _deliver(self) -> None:
        """Give the instance the messages that it has thrown and awaits itself, until none is taken."""
        taken = True
        while taken and self.books.ended is None:
            taken = False
            for message in list(self._posted):
                if (message.name, message.key) in self.books.awaited.values():
                    self._posted.remove(message)
                    given = {"message": message.name, "key": message.key, "variables": message.variables}
                    self._driver.send(self._live, self._message("message", **given), self.now)
                    taken = True

    def _message(self, name: str, **fields: Any) -> CommandMessage:
        self._commands += 1
        return CommandMessage(f"e{self._commands}", name, "script", **fields)


def _answer(number: int, entry: Entry) -> JobDone | JobFailed:
    if entry.kind == "fail" and entry.error is None:
        return JobFailed(number, "The script says that it failed.")
    return JobDone(number, JobResult(encode(dict(entry.variables or {})), entry.error))
