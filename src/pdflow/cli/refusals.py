"""Errors of the layers below become one sentence on stderr and exit status 1."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import typer

from pdflow.engine.findings import ModelRefused
from pdflow.records.errors import RecordsError
from pdflow.runtime.errors import RuntimeFault
from pdflow.services.errors import ServiceError
from pdflow.sla import SlaError


@contextmanager
def sentences(command: str) -> Iterator[None]:
    """Say what went wrong in the words of the error, then exit.

    Args:
        command: name of the command, which begins the sentence.
    """
    try:
        yield
    except (ServiceError, RecordsError, ModelRefused, RuntimeFault, SlaError) as error:
        typer.echo(f"pdflow {command}: {error}", err=True)
        raise typer.Exit(1) from error
