"""The log holds codes and ids; whatever else is passed is dropped."""

from __future__ import annotations

import json
import logging

import pytest

from pdflow.services import log


@pytest.fixture(autouse=True)
def _configured(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure("INFO")


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    captured = capsys.readouterr()
    assert captured.out == "", "stdout belongs to the output of commands"
    return [json.loads(line) for line in captured.err.splitlines()]


def test_an_entry_is_one_line_of_json_on_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure("INFO")
    log.get("tasks").info("task-completed", task="I:1", case="K7Q-4MX", seconds=0.2)
    (entry,) = lines(capsys)
    assert (entry["event"], entry["task"], entry["level"]) == ("task-completed", "I:1", "info")


def test_what_is_not_a_known_key_is_dropped(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure("INFO")
    log.get("people").warning(
        "looked-up", person="Ximena Ortiz", payload={"given": "Ximena"}, case="x" * 5000
    )
    (entry,) = lines(capsys)
    assert "Ximena" not in json.dumps(entry)
    assert len(str(entry["case"])) == log.LONGEST


def test_an_exception_is_named_and_its_text_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure("INFO")
    try:
        raise ValueError("born 1990-01-01")
    except ValueError:
        log.get("people").exception("failed")
        logging.getLogger("library").exception("failed again")
    first, second = lines(capsys)
    assert first["error"] == second["error"] == "ValueError"
    assert "1990" not in json.dumps([first, second])


def test_entries_below_the_level_are_not_written(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure("WARNING")
    log.get("tasks").info("quiet")
    logging.getLogger("library").info("quiet")
    assert lines(capsys) == []
