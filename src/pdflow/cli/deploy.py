"""``pdflow deploy``: publish models from files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import pdflow.casework.effects  # noqa: F401  registers what the models may name; deployment checks it
from pdflow.casework import deployment
from pdflow.cli.refusals import sentences
from pdflow.services import definitions
from pdflow.services.platform import Platform, open_documents, open_records
from pdflow.services.settings import Settings
from pdflow.services.temporal.gateway import TemporalGateway


def command(
    files: Annotated[list[Path], typer.Argument(help="BPMN files with one process each.", metavar="FILE...")],
) -> None:
    """Check models and publish them: the next instance of each process uses them, running ones keep theirs.

    All are checked before the first is published. This is for whoever operates the installation; in the dashboard a
    second person publishes what a designer proposes.
    """
    for file in files:
        if not file.is_file():
            typer.echo(f"pdflow deploy: {file}: there is no such file.", err=True)
            raise typer.Exit(2)
    settings = Settings()
    with sentences("deploy"):
        manifests = [deployment.manifest(file) for file in files]
        gateway = TemporalGateway(settings)
        platform = Platform(open_records(settings), open_documents(settings), gateway, settings)
        for version in definitions.install(platform, manifests):
            typer.echo(
                f"{version.process} version {version.version} is {version.state} ({version.hash[:12]})."
            )
        gateway.close()
