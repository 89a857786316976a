"""Runs a command in this process and gives what it printed and its exit status."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from pdflow.cli import application

HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" '
    'id="defs" targetNamespace="http://example.org">'
)

Pdflow = Callable[..., Result]


@pytest.fixture
def pdflow() -> Pdflow:
    def call(*arguments: object) -> Result:
        texts = [str(one) for one in arguments]
        result = CliRunner().invoke(application(texts), texts)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return call


@pytest.fixture
def bpmn(tmp_path: Path) -> Callable[..., Path]:
    """Writes a model whose process ``p`` has this inside, or a whole file where it shows a process itself."""

    def write(body: str, name: str = "model.bpmn") -> Path:
        if "<process" not in body:
            body = f'<process id="p" isExecutable="true">{body}</process>'
        path = tmp_path / name
        path.write_text(f"{HEAD}{body}</definitions>", encoding="utf-8")
        return path

    return write
