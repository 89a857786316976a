"""Drives instances without Temporal: everything they ask for is done at once, until they wait.

Seeding, ``pdflow run --no-temporal``, ``test-model`` and most tests use it. Nothing here is durable.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from pdflow.runtime.definitions import DefinitionSource
from pdflow.runtime.errors import RuntimeFault
from pdflow.runtime.incoming import DefinitionsResolved, JobDone, JobFailed
from pdflow.runtime.instance import Answers, Incoming, Instance
from pdflow.runtime.messages import (
    Answer,
    Batch,
    CommandMessage,
    JobCall,
    JobResult,
    OutgoingMessage,
    StartInstance,
)


class JobAttemptFailed(RuntimeFault):
    """One attempt at a job failed; it is repeated as often as the model says, then it is an incident."""

    code = "job-failed"


@dataclass
class LocalDriver:
    """Does what instances ask for, through callbacks.

    Attributes:
        source: where definitions are found.
        run_job: does a job; ``None`` leaves it open, to be answered later with :meth:`tell`. An exception other than
            :class:`JobAttemptFailed` is a fault of the caller and passes through.
        resolve: process ids to the hashes of their latest definitions.
        write: writes a batch of facts; what raises here stops the driver before anything else happens.
        post: takes the messages that were thrown, after they are written.
    """

    source: DefinitionSource
    run_job: Callable[[JobCall], JobResult | None]
    resolve: Callable[[list[str]], dict[str, str]] = lambda _: {}
    write: Callable[[Batch], None] = lambda _: None
    post: Callable[[list[OutgoingMessage]], None] = lambda _: None

    def start(self, start: StartInstance, now: datetime) -> Instance:
        """Start an instance and run it until it waits.

        Raises:
            StartRefused: see :meth:`Instance.start`.
        """
        instance = Instance.start(start, self.source, now)
        if start.snapshot is not None:
            instance.wake(now)
        self._settle(instance, now)
        return instance

    def send(self, instance: Instance, message: CommandMessage, now: datetime) -> Answer:
        """Give an instance a command and run it until it waits.

        Returns:
            Its answer; ``running`` when the command itself waits for a job that was left open.
        """
        refused = instance.check(message)
        if refused is not None:
            return refused
        answers = self.tell(instance, message, now)
        return answers.get(message.id, Answer("running", last_fact=instance.last_fact))

    def wake(self, instance: Instance, now: datetime) -> None:
        """Let an instance do what is due, and run it until it waits."""
        instance.wake(now)
        self._settle(instance, now)

    def tell(self, instance: Instance, incoming: Incoming, now: datetime) -> Answers:
        """Give an instance any event and run it until it waits.

        Returns:
            Command id to answer, of all commands that were handled.
        """
        first = instance.handle(incoming, now)
        return {**first, **self._settle(instance, now)}

    def _settle(self, instance: Instance, now: datetime) -> Answers:
        answers: Answers = {}
        left_open: set[int] = set()
        while True:
            self._write(instance)
            given = self._next(instance, left_open, now)
            if given is None:
                return answers
            answers.update(given)

    def _write(self, instance: Instance) -> None:
        while (batch := instance.batch()) is not None:
            self.write(batch)
            instance.written(batch.facts[-1].number)
            if batch.messages:
                self.post(batch.messages)

    def _next(self, instance: Instance, left_open: set[int], now: datetime) -> Answers | None:
        if instance.more:
            return instance.wake(now)
        if processes := instance.resolving:
            return instance.handle(DefinitionsResolved(processes, self.resolve(processes)), now)
        for number, call in instance.jobs.items():
            if number not in left_open:
                answer = self._run(number, call)
                if answer is not None:
                    return instance.handle(answer, now)
                left_open.add(number)
        return None

    def _run(self, number: int, call: JobCall) -> JobDone | JobFailed | None:
        for attempt in range(1, max(call.retries, 1) + 1):
            try:
                result = self.run_job(call)
            except JobAttemptFailed as failure:
                if attempt >= call.retries:
                    return JobFailed(number, str(failure))
            else:
                return None if result is None else JobDone(number, result)
        return None
