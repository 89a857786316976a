"""What a step of the engine costs, however old the instance is, against stock SpiffWorkflow in the same run."""

from __future__ import annotations

import gc
import json
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import median
from time import process_time
from typing import Any

from bench import models, stock
from bench.table import figure, table
from pdflow.engine import Execution
from pdflow.engine.protocol import Completed, Continue, GoOn, OpenTask, Step
from pdflow.runtime.definitions import DefinitionSource, write_manifest

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
#: Completions whose median is the cost at an age.
SAMPLE = 20
RECURSION = 50_000


@dataclass(frozen=True)
class Sizes:
    """How much of everything.

    Attributes:
        ages: completed tasks at which a step is measured.
        limit: seconds after which stock SpiffWorkflow is stopped, for each model.
    """

    ages: tuple[int, ...] = (20, 400, 10_000)
    rounds: int = 10_000
    blocks: int = 200
    items: int = 1_000
    chain: int = 1_000
    limit: float = 10.0


class TimeOver(Exception):
    """Stock SpiffWorkflow used up its time."""


class Subject:
    """One instance on our engine, its user tasks completed oldest first."""

    def __init__(self, xml: bytes, variables: dict[str, Any] | None = None) -> None:
        self._source = DefinitionSource()
        self._definition = self._source.add(write_manifest("bench", xml.decode())).hash
        self._tasks: list[str] = []
        self.steps = 0
        gc.collect()  # what SpiffWorkflow has left behind is not to be looked through in our time
        begun = process_time()
        self._execution, step = Execution.start(
            self._source, self._definition, "bench", variables or {}, now=NOW
        )
        self._settle(step)
        self.seconds = process_time() - begun

    @property
    def ended(self) -> bool:
        return self._execution.ended

    def complete(self) -> None:
        """Complete the oldest user task."""
        self._settle(self._execution.handle(Completed(self._tasks.pop(0), {}), NOW))

    def save(self) -> str:
        """The instance as text."""
        return json.dumps(self._execution.snapshot())

    def restore(self, saved: str) -> None:
        """Go on from a text."""
        self._execution = Execution.restore(self._source, json.loads(saved))

    def _settle(self, step: Step) -> None:
        self._note(step)
        while any(isinstance(command, Continue) for command in step.commands):
            step = self._execution.handle(GoOn(), NOW)
            self._note(step)

    def _note(self, step: Step) -> None:
        self._tasks += [command.token for command in step.commands if isinstance(command, OpenTask)]
        self.steps += sum(moved.event == "complete" for moved in step.facts)


def report(sizes: Sizes) -> str:
    """All tables of the engine."""
    return "\n".join([_ages(sizes), _workloads(sizes), _restored(sizes)])


def _ages(sizes: Sizes) -> str:
    """Cost of completing a user task, by the number of tasks completed before it."""
    subject, baseline = Subject(models.work_loop(feel=True)), _stock_ages(sizes)
    rows, done = [], 0
    for age in sizes.ages:
        while done < age:
            subject.complete()
            done += 1
        gc.collect()
        straight = median(_seconds(subject.complete) for _ in range(SAMPLE))
        saved = median(_seconds(lambda: subject.restore(subject.save())) for _ in range(SAMPLE))
        done += SAMPLE
        theirs = baseline.get(age)
        rows.append(
            [
                f"{age:,}",
                figure(straight * 1e6),
                figure((straight + saved) * 1e6),
                f"{len(subject.save()):,}",
                f"{theirs[0] * 1e6:,.0f}" if theirs else f"not reached in {sizes.limit:g} s",
                f"{theirs[1]:,}" if theirs else "",
                f"{theirs[0] / straight:,.0f}" if theirs else "",
            ]
        )
    return table(
        "A user task is completed and comes again",
        [
            "completed before",
            "pdflow, µs",
            "with save and restore, µs",
            "state, bytes",
            "SpiffWorkflow, µs",
            "state, bytes",
            "ratio",
        ],
        rows,
        f"Medians of {SAMPLE} completions (SpiffWorkflow: means of 10). One completion is two steps: the task and a gateway.",
    )


def _stock_ages(sizes: Sizes) -> dict[int, tuple[float, int]]:
    """Age to seconds of a completion and bytes of the state, as far as the time goes."""
    found: dict[int, tuple[float, int]] = {}
    instance, done = stock.workflow(models.work_loop(feel=False)), 0
    with suppress(TimeOver), time_limit(sizes.limit):
        for age in sizes.ages:
            more, cost = stock.complete_tasks(instance, age - done, sizes.limit)
            done += more
            if done < age:
                break
            found[age] = cost, stock.state_size(instance)
    return found


def _workloads(sizes: Sizes) -> str:
    """Whole instances that wait for nobody."""
    items = {"items": list(range(sizes.items))}
    count = {"n": 0, "limit": sizes.rounds}
    blocks, chain = models.parallel_blocks(sizes.blocks), models.chain(sizes.chain, "manualTask")
    stock_items = models.stock_multi_instance()
    return table(
        "Instances that wait for nobody",
        ["model", "steps", "pdflow, ms", "µs a step", "SpiffWorkflow, ms", "ratio"],
        [
            _workload(
                f"loop of {sizes.rounds:,} rounds",
                Subject(models.loop(feel=True), count),
                lambda: stock.workflow(models.loop(feel=False), count),
                sizes.limit,
            ),
            _workload(
                f"{sizes.blocks:,} parallel blocks",
                Subject(blocks),
                lambda: stock.workflow(blocks),
                sizes.limit,
            ),
            _workload(
                f"multi-instance of {sizes.items:,} items",
                Subject(models.multi_instance(), items),
                lambda: stock.workflow(stock_items, {"size": sizes.items}),
                sizes.limit,
            ),
            _workload(
                f"chain of {sizes.chain:,}", Subject(chain), lambda: stock.workflow(chain), sizes.limit
            ),
        ],
        "A step is an element that is left. Reading the model is not counted.",
    )


def _workload(name: str, subject: Subject, baseline: Callable[[], Any], limit: float) -> list[str]:
    assert subject.ended
    theirs = None
    with suppress(TimeOver), time_limit(limit):
        theirs = stock.run_to_end(baseline())
    return [
        name,
        f"{subject.steps:,}",
        figure(subject.seconds * 1e3),
        figure(subject.seconds / subject.steps * 1e6),
        f"not ended in {limit:g} s" if theirs is None else f"{theirs * 1e3:,.0f}",
        "" if theirs is None else f"{theirs / subject.seconds:,.0f}",
    ]


def _restored(sizes: Sizes) -> str:
    """Instances whose user tasks are completed one by one, and that are saved and restored on the way."""
    items = {"items": list(range(sizes.items))}
    return table(
        "Saved and restored on the way",
        ["model", "completion, µs", "save and restore, µs", "largest state, bytes"],
        [
            _restored_row(
                f"chain of {sizes.chain:,} user tasks", Subject(models.chain(sizes.chain)), every=1
            ),
            _restored_row(
                f"multi-instance of {sizes.items:,} user tasks",
                Subject(models.multi_instance("userTask"), items),
                every=20,
            ),
        ],
        "The state holds what is alive: it is as large as the number of tasks that are open together, whatever is over.",
    )


def _restored_row(name: str, subject: Subject, every: int) -> list[str]:
    """Save and restore after every so many completions."""
    straight = saving = 0.0
    completions = saves = largest = 0
    while not subject.ended:
        if completions % every == 0:
            largest = max(largest, len(subject.save()))
            saving += _seconds(lambda: subject.restore(subject.save()))
            saves += 1
        straight += _seconds(subject.complete)
        completions += 1
    return [name, figure(straight / completions * 1e6), figure(saving / saves * 1e6), f"{largest:,}"]


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise :class:`TimeOver` when the block takes longer; for code that cannot be asked to stop."""

    def over(number: int, frame: object) -> None:
        raise TimeOver

    before, depth = signal.signal(signal.SIGALRM, over), sys.getrecursionlimit()
    # Stock SpiffWorkflow goes down a chain one call deeper for every task.
    sys.setrecursionlimit(RECURSION)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        sys.setrecursionlimit(depth)


def _seconds(work: Callable[[], object]) -> float:
    begun = process_time()
    work()
    return process_time() - begun
