"""One thread writes the projections of a worker, several instances in one transaction (group commit).

A transaction costs a disk sync, whoever it is for; what arrives during one is written by the next.
"""

from __future__ import annotations

import threading
from collections import deque
from concurrent.futures import Future

from pdflow.runtime.messages import Batch
from pdflow.services.platform import Platform
from pdflow.services.projection import Projected, project, project_many

#: Instances in one transaction at most: it stays short, so that screens can write in between.
GROUP = 50


class GroupWriter:
    """Writes batches in the order they arrive, each instance's in its own order.

    Args:
        platform: whose records are written.
    """

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._waiting: deque[tuple[Batch, Future[Projected]]] = deque()
        self._change = threading.Condition()
        self._closed = False
        self._thread = threading.Thread(target=self._write_all, name="projection-writer")
        self._thread.start()

    def submit(self, batch: Batch) -> Future[Projected]:
        """Have a batch written; the future is done when its transaction is committed, or carries what went wrong."""
        future: Future[Projected] = Future()
        with self._change:
            if self._closed:
                raise RuntimeError("the writer is closed")
            self._waiting.append((batch, future))
            self._change.notify()
        return future

    def close(self) -> None:
        """Write what waits and end the thread. A thread that lives into the interpreter's end aborts the process."""
        with self._change:
            self._closed = True
            self._change.notify()
        self._thread.join()

    def _write_all(self) -> None:
        while group := self._next_group():
            self._write(group)

    def _next_group(self) -> list[tuple[Batch, Future[Projected]]]:
        """What the next transaction writes; empty: closed, and nothing waits."""
        group: list[tuple[Batch, Future[Projected]]] = []
        instances: set[str] = set()
        with self._change:
            while not group and not (self._closed and not self._waiting):
                self._change.wait_for(lambda: self._waiting or self._closed)
                # A repeated batch of an instance must see the first one's rows: it is left to the next transaction.
                while self._waiting and len(group) < GROUP and self._waiting[0][0].instance not in instances:
                    batch, future = self._waiting.popleft()
                    # An activity that ran out of time has cancelled its future; its next attempt brings the batch.
                    if future.set_running_or_notify_cancel():
                        instances.add(batch.instance)
                        group.append((batch, future))
        return group

    def _write(self, group: list[tuple[Batch, Future[Projected]]]) -> None:
        if len(group) == 1:
            self._write_one(*group[0])
            return
        try:
            with self._platform.writing() as session:
                written = project_many(session, [batch for batch, _ in group])
        except Exception:
            # One bad batch must not hold up the others: alone, each succeeds or fails for itself.
            for batch, future in group:
                self._write_one(batch, future)
            return
        for batch, future in group:
            last = batch.facts[-1].number if batch.facts else batch.first - 1
            future.set_result(Projected(last, written.messages))

    def _write_one(self, batch: Batch, future: Future[Projected]) -> None:
        try:
            with self._platform.writing() as session:
                projected = project(session, batch)
        except Exception as error:
            future.set_exception(error)
        else:
            future.set_result(projected)
