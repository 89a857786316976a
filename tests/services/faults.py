"""A gateway and records that fail when told to, to stand in for crashes of the worker, the server and the database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Literal

import pytest

from pdflow.records.errors import RecordsUnavailable
from pdflow.records.session import Records
from pdflow.runtime.messages import Answer, CommandMessage, StartInstance, Status
from pdflow.services.errors import InstanceUnavailable
from pdflow.services.gateway import PATIENCE
from pdflow.services.inprocess import InProcessGateway

Fault = Literal["ok", "lost-before", "lost-after", "forgotten"]


class FaultyGateway:
    """Passes calls on, unless the next fault says otherwise.

    ``lost-before``: the call never arrives. ``lost-after``: it is done, the answer is lost. ``forgotten``: it is done
    and written, then worker and server die and the instance is back in its earlier state.
    """

    def __init__(self, inner: InProcessGateway) -> None:
        self.inner = inner
        self.faults: list[Fault] = []
        self.calls: list[str] = []

    def start(self, start: StartInstance, deadline: timedelta = PATIENCE) -> Answer:
        fault = self._next(start.instance)
        answer = self.inner.start(start, deadline)
        if fault == "forgotten":
            del self.inner.instances[start.instance]
        return self._answer(fault, answer)

    def command(
        self, process: str, instance: str, message: CommandMessage, deadline: timedelta = PATIENCE
    ) -> Answer:
        fault = self._next(message.id)
        before = self.inner.snapshot(instance) if instance in self.inner.instances else None
        answer = self.inner.command(process, instance, message, deadline)
        if fault == "forgotten" and before is not None:
            self.inner.restore(instance, before)
        return self._answer(fault, answer)

    def status(self, process: str, instance: str, deadline: timedelta = PATIENCE) -> Status | None:
        return self.inner.status(process, instance, deadline)

    def _next(self, call: str) -> Fault:
        self.calls.append(call)
        fault = self.faults.pop(0) if self.faults else "ok"
        if fault == "lost-before":
            raise InstanceUnavailable("No answer.")
        return fault

    def _answer(self, fault: Fault, answer: Answer) -> Answer:
        if fault != "ok":
            raise InstanceUnavailable("No answer.")
        return answer


@contextmanager
def database_away(records: Records, patch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every transaction fails, as when the disk is full or the server is gone."""

    @contextmanager
    def away() -> Iterator[None]:
        raise RecordsUnavailable("away")
        yield

    with patch.context() as inner:
        inner.setattr(records, "writing", away)
        yield
