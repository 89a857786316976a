"""``pdflow up`` as a person runs it: first start, second start, what stands in the way, the end."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pdflow.cli import application
from pdflow.services.running import read_running
from pdflow.services.temporal.server import free_port

pytestmark = [pytest.mark.temporal, pytest.mark.slow]

ROOT = Path(__file__).parents[2]
MAIN = "import sys; sys.argv[0] = 'pdflow'; from pdflow.cli import main; main()"


@dataclass
class Home:
    """A folder in which somebody starts pdflow."""

    folder: Path

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PDFLOW_")}
        environment |= {"PYTHONPATH": f"{ROOT / 'src'}:{ROOT}", "PYTHONUNBUFFERED": "1"}
        return subprocess.Popen(
            [sys.executable, "-c", MAIN, *arguments],
            cwd=self.folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: str) -> tuple[int, str, str]:
        """Run a command in this process, which has the library loaded already."""
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(self.folder)
            done = CliRunner().invoke(application(arguments), arguments, catch_exceptions=False)
        return done.exit_code, done.stdout, done.stderr


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return Home(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def port() -> int:
    return free_port()


@pytest.fixture(scope="module")
def first_start(home: Home, port: int) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    """A running `pdflow up` on an empty folder, and what it said."""
    process = home.start("up", "--port", str(port))
    assert process.stdout is not None
    said = []
    for line in process.stdout:
        said.append(line.strip())
        if "Ctrl-C" in line:
            break
    yield process, said
    process.kill()
    process.wait()


def test_a_first_start_says_where_to_go_and_how_to_sign_in(first_start, home: Home, port: int) -> None:
    process, said = first_start

    assert process.poll() is None, process.stderr.read()
    assert re.search(r"Sign in as admin with the password \S{12,} \(shown this once\)", said[0])
    assert f"pdflow runs: http://127.0.0.1:{port}" in said
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with direct.open(f"http://127.0.0.1:{port}/", timeout=10) as answer:
        assert answer.status == 200
    assert (home.folder / "live" / "keys.json").stat().st_mode & 0o777 == 0o600
    assert (home.folder / "live").stat().st_mode & 0o777 == 0o700


@pytest.mark.usefixtures("first_start")
def test_a_second_start_on_the_same_folder_names_the_one_that_runs(home: Home, port: int) -> None:
    status, output, errors = home.run("up", "--port", str(free_port()))

    assert (status, "Sign in" in output) == (1, False)
    assert "runs already on the folder live" in errors
    assert f"http://127.0.0.1:{port}" in errors
    assert "Traceback" not in errors


@pytest.mark.usefixtures("first_start")
def test_verify_and_deploy_find_the_running_installation(home: Home) -> None:
    verified = home.run("verify")
    clocks = home.run("verify", "--clocks")
    deployed = home.run("deploy", str(ROOT / "bpmn" / "pd-request.bpmn"))

    assert verified[:2] == (0, "0 running processes compared, 0 gaps.\n")
    assert clocks[:2] == (0, "0 clocks recomputed, 0 disagreements.\n")
    assert (deployed[0], deployed[1].startswith("pd-request version 1 is published")) == (0, True), deployed[
        2
    ]


def test_a_signal_to_end_stops_every_part(first_start, home: Home, port: int) -> None:
    process, _ = first_start
    state = home.folder / "live"
    pids = [int((state / f"{name}.pid").read_text()) for name in ("temporal", "worker", "dashboard")]

    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)

    assert (process.returncode, errors) == (0, "")
    assert read_running(state) is None
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0


def test_a_port_in_use_is_a_sentence(home: Home) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        status, _, errors = home.run("up", "--port", str(taken.getsockname()[1]))

    assert status == 1
    assert errors.startswith("pdflow up: Port ")
    assert "--port" in errors
    assert read_running(home.folder / "live") is None


@pytest.fixture
def without_keys(home: Home) -> Iterator[Path]:
    keys = home.folder / "live" / "keys.json"
    aside = keys.rename(keys.with_name("aside"))
    yield keys
    aside.rename(keys)


@pytest.mark.parametrize("command", ["up", "verify", "migrate-db"])
def test_a_missing_key_file_is_a_sentence_and_no_new_key_is_made(
    home: Home, without_keys: Path, command: str
) -> None:
    status, _, errors = home.run(command)

    assert (status, without_keys.exists()) == (1, False)
    assert errors.startswith(f"pdflow {command}: The key file keys.json is")


def test_a_worker_without_the_key_file_ends_with_a_sentence(home: Home, without_keys: Path) -> None:
    process = home.start("worker")
    _, errors = process.communicate(timeout=60)

    assert (process.returncode, without_keys.exists()) == (1, False)
    assert errors.startswith("pdflow worker: The key file keys.json is")


def test_deploying_a_file_that_is_not_there_is_bad_use(home: Home) -> None:
    status, _, errors = home.run("deploy", "nothing.bpmn")

    assert (status, errors) == (2, "pdflow deploy: nothing.bpmn: there is no such file.\n")
