"""``pdflow run``: run any model to its end or to a wait, driven by a script."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer

from pdflow.cli.folder import ModelFolder
from pdflow.cli.start import StartUnclear, choose_start
from pdflow.engine import load
from pdflow.engine.findings import Finding, ModelRefused
from pdflow.engine.lint import lint, stops_execution
from pdflow.runtime.errors import StartRefused
from pdflow.runtime.local import LocalDriver
from pdflow.runtime.script import Entry, ScriptRefused, read_script, variables
from pdflow.runtime.scripted import EntryUnmatched, Scripted
from pdflow.runtime.trace import trace_lines

#: Exit statuses.
ENDED, REFUSED, WAITS, INCIDENT = 0, 2, 3, 4
_STATUS = {"completed": ENDED, "waits": WAITS, "incident": INCIDENT}


class Refused(Exception):
    """What was asked for cannot be done; the text says why, one finding or reason a line."""


@dataclass(frozen=True)
class Run:
    """What to run and how.

    Attributes:
        model: the BPMN file.
        process: id of the process; ``None``: the only one that can run by itself.
        variables: of the process scope, FEEL values.
        script: what happens, in order.
        trace: where the trace goes; ``None``: nowhere.
        force: run it although it is not marked executable or has findings that do not stop execution.
        strict_script: service and script tasks wait for an entry of the script.
    """

    model: Path
    process: str | None = None
    variables: dict[str, Any] = field(default_factory=dict)
    script: list[Entry] = field(default_factory=list)
    trace: Path | None = None
    force: bool = False
    strict_script: bool = False


def command(
    model: Annotated[Path, typer.Argument(help="A BPMN file.", metavar="MODEL.bpmn")],
    process: Annotated[str | None, typer.Option(help="Id of the process to run.")] = None,
    vars: Annotated[Path | None, typer.Option(help="JSON object of variables.", metavar="FILE.json")] = None,
    script: Annotated[
        Path | None, typer.Option(help="What happens, in order.", metavar="EVENTS.json")
    ] = None,
    trace: Annotated[Path | None, typer.Option(help="Write the trace here.", metavar="OUT.jsonl")] = None,
    no_temporal: Annotated[bool, typer.Option("--no-temporal", help="On the engine alone.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Also what is not meant to be executed.")] = False,
    strict_script: Annotated[
        bool, typer.Option("--strict-script", help="Service and script tasks wait for an entry.")
    ] = False,
) -> None:
    """Run a model to its end or to a wait.

    Exit status: 0 it has ended, 3 it waits, 4 an incident is open, 2 it was refused or asked for in a wrong way.
    """
    try:
        asked = Run(model, process, _variables(vars), _script(script), trace, force, strict_script)
        status = run(asked) if no_temporal else _on_temporal(asked)
    except Refused as refused:
        typer.echo(str(refused), err=True)
        raise typer.Exit(REFUSED) from refused
    raise typer.Exit(status)


def _on_temporal(asked: Run) -> int:
    """On a throw-away server, by a module that only this imports: starting without it must stay quick."""
    status: int = import_module("pdflow.cli.run_temporal").run(asked)
    return status


def run(asked: Run, drive: Callable[..., LocalDriver] = LocalDriver) -> int:
    """Run, by default on the engine alone, and say how it ended.

    Args:
        asked: what to run.
        drive: makes the driver of the instance.

    Returns:
        The exit status: 0 ended, 3 waits, 4 incident.

    Raises:
        Refused: the model, the process or an entry of the script.
    """
    folder = ModelFolder(asked.model.parent)
    model = checked_model(asked, folder)
    try:
        start = choose_start(model, asked.process, asked.script)
    except StartUnclear as unclear:
        raise Refused(f"{asked.model}: {unclear}") from unclear
    driver = Scripted(
        folder,
        asked.model.name,
        start.process,
        now=datetime.now(UTC).replace(microsecond=0),
        resolve=folder.resolve,
        strict_script=asked.strict_script,
        drive=drive,
    )
    try:
        state = driver.run({**asked.variables, **start.variables}, start.script, start_event=start.event)
    except StartRefused as refused:
        raise Refused(f"{start.process}: {refused}") from refused
    except EntryUnmatched as unmatched:
        raise Refused(str(unmatched.counted_from(len(asked.script) - len(start.script)))) from unmatched
    except ScriptRefused as refused:
        raise Refused(str(refused)) from refused
    finally:
        _write_trace(asked.trace, driver, start.process)
    typer.echo(f"{start.process}: {'completed' if state == 'completed' else driver.waiting()}.")
    typer.echo(json.dumps(driver.variables, ensure_ascii=False))
    return _STATUS[state]


def _write_trace(path: Path | None, driver: Scripted, process: str) -> None:
    if path is None:
        return
    try:
        path.write_text(
            "".join(f"{line}\n" for line in trace_lines(driver.books.facts, process)), encoding="utf-8"
        )
    except OSError as error:
        raise Refused(f"{path}: the trace cannot be written: {error.strerror}.") from error


def checked_model(asked: Run, folder: ModelFolder) -> Any:
    """Read and check the model; findings that do not stop are shown.

    Raises:
        Refused: it has errors, with ``force`` only those that stop execution.
    """
    try:
        xml = asked.model.read_bytes()
    except OSError as error:
        raise Refused(f"{asked.model}: cannot be read: {error.strerror}.") from error
    findings = [one for one in lint(xml, name=str(asked.model)) if one.severity == "error"]
    if findings and (not asked.force or any(stops_execution(one) for one in findings)):
        raise Refused(_list(findings))
    for finding in findings:
        typer.echo(str(finding), err=True)
    try:
        model = load(xml, name=asked.model.name)
    except ModelRefused as refused:
        raise Refused(_list(refused.findings)) from refused
    folder.use(asked.model.name, model)
    return model


def _list(findings: list[Finding]) -> str:
    return "\n".join(str(finding) for finding in findings)


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_bytes())
    except OSError as error:
        raise Refused(f"{path}: cannot be read: {error.strerror}.") from error
    except (ValueError, RecursionError) as error:
        raise Refused(f"{path}: expected JSON: {error}.") from error


def _variables(path: Path | None) -> dict[str, Any]:
    try:
        return {} if path is None else variables(_json(path), str(path))
    except ScriptRefused as refused:
        raise Refused(str(refused)) from refused


def _script(path: Path | None) -> list[Entry]:
    try:
        return [] if path is None else read_script(_json(path))
    except ScriptRefused as refused:
        raise Refused(f"{path}: {refused}") from refused
