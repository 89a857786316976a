"""``pdflow verify``: compare the records with the running workflows, and clocks with their facts."""

from __future__ import annotations

from typing import Annotated

import typer

from pdflow.cli.refusals import sentences
from pdflow.services.platform import Platform, open_documents, open_records
from pdflow.services.settings import Settings
from pdflow.services.temporal.gateway import TemporalGateway
from pdflow.services.verify import Gap, verify
from pdflow.services.verify_clocks import verify_clocks


def command(
    clocks: Annotated[
        bool, typer.Option("--clocks", help="Recompute every clock from its facts instead.")
    ] = False,
) -> None:
    """Compare the records with what each workflow says of itself.

    Every gap is printed and opens an incident. Exit status: 0 all agree, 1 a gap, 2 somebody did not answer.
    """
    settings = Settings()
    with sentences("verify"):
        gateway = TemporalGateway(settings)
        platform = Platform(open_records(settings), open_documents(settings), gateway, settings)
        if clocks:
            count, gaps = verify_clocks(platform)
            silent: list[str] = []
            typer.echo(f"{count} clocks recomputed, {len(gaps)} disagreements.")
        else:
            verified = verify(platform)
            gaps, silent = verified.gaps, verified.silent
            typer.echo(f"{verified.compared} running processes compared, {len(gaps)} gaps.")
        gateway.close()
    for gap in gaps:
        typer.echo(_line(gap))
    if silent:
        typer.echo(
            f"{len(silent)} did not answer: {', '.join(silent[:10])}. Is the worker running?", err=True
        )
    raise typer.Exit(1 if gaps else 2 if silent else 0)


def _line(gap: Gap) -> str:
    return f"{gap.process}/{gap.instance} {gap.sentence}"
