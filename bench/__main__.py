"""``python -m bench``: every benchmark in one run, alternatives side by side, as tables in Markdown."""

from __future__ import annotations

import argparse
import os
import platform
import sys
from collections.abc import Callable
from datetime import UTC, datetime

from bench import engine, lifecycle


def _conditions() -> str:
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    return (
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, Python {platform.python_version()}, {platform.system()} "
        f"{platform.machine()}, {os.cpu_count()} processors, load over 1, 5 and 15 minutes: {load}."
    )


def main(arguments: list[str] | None = None) -> None:
    """Run the chosen parts."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help="engine, lifecycle; both when none is named")
    small, large = engine.Sizes(), lifecycle.Sizes()
    parser.add_argument(
        "--limit", type=float, default=small.limit, help="seconds after which stock SpiffWorkflow is stopped"
    )
    parser.add_argument("--cases", type=int, default=large.cases, help="cases of a block")
    parser.add_argument("--parallel", type=int, default=large.parallel, help="cases at a time")
    parser.add_argument("--rounds", type=int, default=large.rounds, help="blocks for each variant")
    parser.add_argument("--alone", type=int, default=large.alone, help="cases one at a time, for the latency")
    asked = parser.parse_args(arguments)
    parts: dict[str, Callable[[], str]] = {
        "engine": lambda: engine.report(engine.Sizes(limit=asked.limit)),
        "lifecycle": lambda: lifecycle.report(
            lifecycle.Sizes(asked.alone, asked.cases, asked.parallel, asked.rounds)
        ),
    }
    if unknown := set(asked.parts) - set(parts):
        parser.error(f"expected engine or lifecycle, found {', '.join(sorted(unknown))}")
    for name in asked.parts or parts:
        sys.stdout.write(f"{parts[name]()}\n{_conditions()}\n\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
