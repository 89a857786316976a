"""``pdflow lint``: say what is wrong with models, by file, line and element."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pdflow.cli.folder import ModelFolder
from pdflow.engine.findings import ModelRefused
from pdflow.engine.lint import lint, read

#: Exit statuses.
CLEAN, ERRORS, UNREADABLE = 0, 1, 2


def command(
    files: Annotated[list[Path], typer.Argument(help="BPMN files.", metavar="FILE...")],
) -> None:
    """Print each finding as ``file:line element-id rule message``.

    Exit status: 0 no error (advice alone), 1 at least one error, 2 a file that cannot be read.
    """
    raise typer.Exit(max((_lint(path) for path in files), default=CLEAN))


def _lint(path: Path) -> int:
    try:
        xml = path.read_bytes()
        read(xml, name=str(path))
    except OSError as error:
        typer.echo(f"{path}:0 - unreadable The file cannot be read: {error.strerror}.")
        return UNREADABLE
    except ModelRefused as refused:
        for finding in refused.findings:
            typer.echo(str(finding))
        return UNREADABLE
    findings = lint(xml, name=str(path), context=ModelFolder(path.parent).context())
    for finding in findings:
        note = "" if finding.severity == "error" else " (advice)"
        typer.echo(f"{finding}{note}")
    return ERRORS if any(finding.severity == "error" for finding in findings) else CLEAN
