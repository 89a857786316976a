"""The supervisor's patience with parts that die, in a time of its own; the real parts are in tests/cli/test_up.py."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from pdflow.services.child import Child, end_leftover, start_child
from pdflow.services.supervisor import Part
from pdflow.services.temporal.errors import PortInUse


@dataclass
class Process:
    """A process that lives until it is told to die."""

    alive: bool = True
    stopped: bool = False

    def stop(self) -> None:
        self.stopped = True


@dataclass
class World:
    """Starts processes; some starts fail."""

    failing: int = 0
    started: list[Process] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def start(self) -> Process:
        if self.failing:
            self.failing -= 1
            raise PortInUse("Port 1 is in use.")
        self.started.append(Process())
        return self.started[-1]

    def part(self) -> Part:
        return Part("worker", self.start, self.start(), since=0.0)  # type: ignore[arg-type]

    def look(self, part: Part, now: float) -> int:
        part.look(now, self.said.append)
        return len(self.started)


def test_a_part_that_lives_is_left_alone() -> None:
    world = World()
    part = world.part()

    assert world.look(part, 100.0) == 1
    assert world.said == []


def test_a_dead_part_is_started_again_after_its_pause_and_people_are_told() -> None:
    world = World()
    part = world.part()
    world.started[0].alive = False

    assert [world.look(part, now) for now in (1.0, 1.4, 1.5)] == [1, 1, 2]
    assert world.said == [
        "The worker has ended unexpectedly; it is started again in 0.5 s.",
        "The worker runs again.",
    ]
    assert world.started[0].stopped


def test_the_pause_doubles_up_to_half_a_minute_and_starts_over_after_a_steady_minute() -> None:
    world = World()
    part = world.part()
    now, pauses = 0.0, []
    for _ in range(9):
        world.started[-1].alive = False
        world.look(part, now)
        assert part.again_at is not None
        pauses.append(part.again_at - now)
        now = part.again_at
        world.look(part, now)

    assert pauses == [0.5, 1, 2, 4, 8, 16, 30, 30, 30]
    world.started[-1].alive = False
    world.look(part, now + 61)
    assert part.again_at == now + 61.5


def test_a_start_that_fails_is_tried_again_with_the_reason() -> None:
    world = World()
    part = world.part()
    world.failing = 1
    world.started[0].alive = False
    for now in (0.0, 0.5, 1.5):
        world.look(part, now)

    assert len(world.started) == 2
    assert world.said[1] == ("The worker could not be started: Port 1 is in use. It is tried again in 1 s.")


def child(state: Path, *words: str) -> Child:
    return start_child("worker", [sys.executable, "-c", *words], state)


def test_the_last_words_of_a_child_are_the_last_line_of_its_log(tmp_path: Path) -> None:
    said = child(tmp_path, "print('one'); print('no key file'); print()")
    said.process.wait()
    silent = start_child("other", [sys.executable, "-c", ""], tmp_path)
    silent.process.wait()

    assert said.last_words().startswith("Its last line: no key file The whole log is logs/worker.log")
    assert silent.last_words().startswith("It said nothing.")


def test_a_large_log_is_put_aside_at_the_next_start(tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "worker.log").write_bytes(b"x" * (11 * 1024 * 1024))

    child(tmp_path, "print('new')").process.wait()

    assert (tmp_path / "logs" / "worker.log").read_text() == "new\n"
    assert (tmp_path / "logs" / "worker.old.log").stat().st_size == 11 * 1024 * 1024


@pytest.mark.parametrize(
    ("mark", "ended"),
    [pytest.param("leftover-mark", True, id="ours"), pytest.param("else", False, id="not ours")],
)
def test_what_an_earlier_start_left_behind_is_ended_if_it_is_ours(
    tmp_path: Path, mark: str, ended: bool
) -> None:
    left = child(
        tmp_path,
        "import sys; print('up', flush=True); sys.stdin = None; import signal; signal.pause()",
        "leftover-mark",
    )
    try:
        end_leftover("worker", mark, tmp_path)
        assert (not left.alive) is ended
    finally:
        left.process.kill()
        left.process.wait()


def test_a_child_that_does_not_listen_is_ended_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pdflow.services.child._STOP_SECONDS", 0.2)
    deaf = start_child(
        "deaf",
        [
            sys.executable,
            "-c",
            "import signal; signal.signal(15, signal.SIG_IGN); print('deaf', flush=True); signal.pause()",
        ],
        tmp_path,
    )
    while "deaf" not in (tmp_path / "logs" / "deaf.log").read_text():
        assert deaf.alive

    deaf.stop()

    assert deaf.process.returncode == -9
    assert not (tmp_path / "deaf.pid").exists()
    assert subprocess.run(["ps", "-p", str(deaf.pid)], capture_output=True).returncode == 1
