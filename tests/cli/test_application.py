import os
import subprocess
import sys

import pytest

from pdflow.cli import COMMANDS


def test_help_lists_commands_without_importing_them(pdflow):
    result = pdflow("--help")
    assert result.exit_code == 0
    assert "lint" in result.output and "Say what is wrong with models." in result.output


@pytest.mark.parametrize("command", ["lint", "run", "test-model"])
def test_a_command_explains_itself(pdflow, command):
    result = pdflow(command, "--help")
    assert result.exit_code == 0
    assert "Exit status" in result.output


def test_lint_starts_without_temporal_streamlit_or_database():
    code = (
        "import sys; from pdflow.cli import application; application(['lint']);"
        "print([name for name in ('temporalio', 'streamlit', 'sqlalchemy', 'fastapi') if name in sys.modules])"
    )
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment
    )
    assert done.stdout.strip() == "[]"


def test_an_unknown_command_is_bad_use(pdflow):
    assert pdflow("frobnicate").exit_code == 2


def test_every_command_has_a_summary():
    assert [name for name, (_, summary) in COMMANDS.items() if not summary.endswith(".")] == []
