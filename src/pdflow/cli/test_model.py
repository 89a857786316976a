"""``pdflow test-model``: run the data-driven tests of models."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from pdflow.cli.folder import ModelFolder
from pdflow.cli.start import StartUnclear, choose_start
from pdflow.engine.findings import ModelRefused
from pdflow.engine.lint import lint, stops_execution
from pdflow.runtime.errors import StartRefused
from pdflow.runtime.model_tests import ModelTest, differences, read_model_tests
from pdflow.runtime.script import ScriptRefused
from pdflow.runtime.scripted import Scripted

#: Exit statuses.
PASSED, FAILED, REFUSED = 0, 1, 2


class TestFileRefused(Exception):
    """A model or a test file that cannot be used; the text says why."""


def command(
    files: Annotated[
        list[Path], typer.Argument(help="Models, or their test files tests/<model>.json.", metavar="FILE...")
    ],
) -> None:
    """Run the tests ``tests/<model>.json`` beside each model; a line a case, last line the total.

    Exit status: 0 all passed, 1 a case failed, 2 a file that cannot be read or is not of the documented form.
    """
    passed = total = 0
    for path in files:
        model, tests = pair(path)
        try:
            results = run_tests(model, tests)
        except TestFileRefused as refused:
            typer.echo(str(refused), err=True)
            raise typer.Exit(REFUSED) from refused
        for name, wrong in results:
            typer.echo(f"{'failed' if wrong else 'passed'} {model.stem}: {name}")
            for sentence in wrong:
                typer.echo(f"    {sentence}")
        passed += sum(not wrong for _, wrong in results)
        total += len(results)
    typer.echo(f"passed {passed}/{total}")
    raise typer.Exit(PASSED if passed == total else FAILED)


def pair(path: Path) -> tuple[Path, Path]:
    """The model and the test file that belong together, from either of them."""
    if path.suffix == ".json":
        return path.parent.parent / f"{path.stem}.bpmn", path
    return path, path.parent / "tests" / f"{path.stem}.json"


def run_tests(model: Path, tests: Path) -> list[tuple[str, list[str]]]:
    """Run the cases of a test file.

    Returns:
        Name of each case, and what was not as expected; nothing when it passed.

    Raises:
        TestFileRefused: the model cannot run, or the test file is not of the documented form.
    """
    try:
        cases = read_model_tests(json.loads(tests.read_bytes()))
        xml = model.read_bytes()
    except OSError as error:
        raise TestFileRefused(f"{error.filename}: cannot be read: {error.strerror}.") from error
    except (ValueError, ScriptRefused) as error:
        raise TestFileRefused(f"{tests}: {error}") from error
    stopping = [one for one in lint(xml, name=str(model)) if stops_execution(one)]
    if stopping:
        raise TestFileRefused("\n".join(str(one) for one in stopping))
    try:
        return [(case.name, run_case(model, case)) for case in cases]
    except ModelRefused as refused:
        raise TestFileRefused(str(refused)) from refused


def run_case(model: Path, case: ModelTest) -> list[str]:
    """What is not as expected in one case.

    Raises:
        ModelRefused: the model cannot be read.
    """
    folder = ModelFolder(model.parent, case.decisions)
    loaded = folder.model(model.name)
    try:
        start = choose_start(loaded, case.process, case.events)
    except StartUnclear as unclear:
        return [f"process: {unclear}"]
    driver = Scripted(
        folder,
        model.name,
        start.process,
        now=case.clock_start,
        resolve=folder.resolve,
    )
    named = case.start_event is not None
    script = case.events if named else start.script
    given = case.start if named else {**case.start, **start.variables}
    try:
        driver.run(given, script, start_event=case.start_event or start.event)
    except StartRefused as refused:
        return [f"start: {refused}"]
    except ScriptRefused as refused:
        return [f"events: {refused}", *differences(case.expect, driver)]
    return differences(case.expect, driver)
