"""The crash matrix: a worker killed at every point of a case's life leaves the same records as one that lives.

``python -m bench.kill_matrix`` plays one case for each model without a kill, then once more for every point that its
worker passed, with a SIGKILL at that point, and compares facts, tasks, clocks, notices, cases and the rest of
:mod:`bench.kill_rows`. It prints a table for ``docs/durability.md`` and ends with status 1 if a run differed.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from random import Random

from bench.kill_lives import Life, Lived, Theatre, lives
from pdflow.services.temporal.server import start_server

#: Points that a new worker passes again, one with another, until it is where the last one died.
AGAIN = 2


@dataclass(frozen=True)
class Kill:
    """One run with one kill.

    Attributes:
        number: of the point, from 1.
        kind: of the point; ``None``: this run passed fewer points, so nothing was killed.
        wrong: how it differs from the run without a kill; ``None``: not at all.
        seconds: wall time of the run.
    """

    number: int
    kind: str | None
    wrong: str | None
    seconds: float


def difference(expected: Lived, found: Lived) -> str | None:
    """What is not the same after the kills, in words; ``None``: nothing."""
    for table, rows in expected.rows.items():
        if found.rows[table] != rows:
            lost = Counter(rows) - Counter(found.rows[table])
            more = Counter(found.rows[table]) - Counter(rows)
            return f"{table}: lost {list(lost.elements())}, more {list(more.elements())}"
    return "; ".join(found.gaps) or None


def sample(life: Life, points: int, count: int, runs: int) -> list[list[int]]:
    """Kills drawn by the model's own random numbers, for a few runs in each of which worker after worker dies.

    Those of one run lie far apart: a worker that dies again in the same step would only make Temporal wait longer.

    Args:
        life: whose name is the seed.
        points: how many a run without a kill passes.
        count: how many kills in all.
        runs: how many runs share them.

    Returns:
        For each run, and in it for each worker, the number of the point at which it is killed, counted from the
        worker's own start.
    """
    drawn = sorted(Random(life.model).sample(range(1, points), count))
    return [_from_each_start(drawn[run::runs]) for run in range(runs)]


def _from_each_start(points: list[int]) -> list[int]:
    return [points[0], *(later - earlier + AGAIN for earlier, later in pairwise(points))]


def kill(theatre: Theatre, life: Life, expected: Lived, number: int) -> Kill:
    """Play a life with a kill at one point and compare."""
    began = time.monotonic()
    try:
        found = theatre.play(life, [number])
    except Exception as error:
        return Kill(
            number, None, f"the life did not go on: {type(error).__name__}: {error}", time.monotonic() - began
        )
    kind = found.killed[0] if found.killed else None
    return Kill(number, kind, difference(expected, found), time.monotonic() - began)


def matrix(theatre: Theatre, life: Life, every: int, parallel: int) -> list[Kill]:
    """Every point of one life, or every second, third ..."""
    expected = theatre.play(life)
    points = len(expected.passed)
    kills: list[Kill] = []
    with ThreadPoolExecutor(parallel) as pool:
        playing = [pool.submit(kill, theatre, life, expected, n) for n in range(1, points + 1, every)]
        for played in as_completed(playing):
            kills.append(played.result())
            if kills[-1].wrong:
                print(f"{life.model}, point {kills[-1].number}: {kills[-1].wrong}", file=sys.stderr)
            print(f"\r{life.model}: {len(kills)} of {len(playing)}", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return kills


def table(model: str, kills: list[Kill]) -> list[str]:
    """Lines of the table: one for each kind of point."""
    kinds = Counter(kill.kind for kill in kills)
    lines = []
    for kind in sorted(kinds, key=str):
        of_kind = [kill for kill in kills if kill.kind == kind]
        different = sum(1 for kill in of_kind if kill.wrong)
        slowest = max(kill.seconds for kill in of_kind)
        lines.append(f"| {model} | {kind or 'not reached'} | {len(of_kind)} | {different} | {slowest:.0f} |")
    return lines


def main() -> int:
    """Run it all; returns the exit status."""
    names = [life.model for life in lives()]
    parser = argparse.ArgumentParser(prog="python -m bench.kill_matrix", description=__doc__)
    parser.add_argument("--model", choices=names, action="append", help="only this one; may be repeated")
    parser.add_argument("--parallel", type=int, default=4, help="lives played side by side")
    parser.add_argument("--every", type=int, default=1, help="only every n-th point")
    asked = parser.parse_args()
    began, lines, different = time.monotonic(), [], 0
    with tempfile.TemporaryDirectory(prefix="pdflow-kills-") as folder:
        server = start_server(Path(folder) / "temporal")
        try:
            theatre = Theatre(Path(folder), server.address)
            for life in lives():
                if life.model in (asked.model or names):
                    kills = matrix(theatre, life, asked.every, asked.parallel)
                    different += sum(1 for kill in kills if kill.wrong)
                    lines += table(life.model, kills)
        finally:
            server.stop()
    print("| model | killed | kills | different | slowest life, s |\n|---|---|---|---|---|")
    print("\n".join(lines))
    print(f"\n{different} runs differed; {(time.monotonic() - began) / 60:.0f} minutes.")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
