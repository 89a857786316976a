"""The command ``pdflow``. Each command is a module of its own, imported only when it is the one that was asked for."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import typer

#: Command -> module and summary; the module's function ``command`` is the command.
COMMANDS: dict[str, tuple[str, str]] = {
    "up": ("pdflow.cli.up", "Start server, worker and dashboard."),
    "demo": ("pdflow.cli.demo", "The same with synthetic casework of 25 field offices."),
    "run": ("pdflow.cli.run", "Run a model to its end or to a wait."),
    "lint": ("pdflow.cli.lint", "Say what is wrong with models."),
    "test-model": ("pdflow.cli.test_model", "Run the data-driven tests of models."),
    "deploy": ("pdflow.cli.deploy", "Deploy models."),
    "tck": ("pdflow.cli.tck", "Run cases of the DMN test kit."),
    "worker": ("pdflow.cli.worker", "Run the Temporal worker."),
    "verify": ("pdflow.cli.verify", "Compare the records with the running workflows."),
    "migrate-db": ("pdflow.cli.migrate", "Bring the database to this version."),
}


def application(arguments: Sequence[str]) -> typer.Typer:
    """The command line, with the one command loaded that these arguments ask for."""
    asked = next((one for one in arguments if not one.startswith("-")), None)
    app = typer.Typer(
        name="pdflow",
        help="BPMN workflows with SLA tracking on Temporal.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    # A callback keeps the command a group even while it has a single command.
    app.callback()(_group)
    for name, (module, summary) in COMMANDS.items():
        if find_spec(module) is not None:
            function: Callable[..., Any] = import_module(module).command if name == asked else _named_only
            app.command(name, help=None if name == asked else summary)(function)
    return app


def _group() -> None:
    """BPMN workflows with SLA tracking on Temporal."""


def _named_only() -> None:
    """Stands in the list of commands for one that was not asked for."""


def main() -> None:
    """Entry point of the ``pdflow`` script."""
    application(sys.argv[1:])()
