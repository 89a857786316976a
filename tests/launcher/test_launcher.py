"""The launcher, run as a person runs it, with stand-ins for Python and uv on an otherwise bare path.

The real set-up from the package index is what `.ci/run` begins with.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOOLS = (
    "awk",
    "cat",
    "cmp",
    "cp",
    "df",
    "dirname",
    "mkdir",
    "readlink",
    "rm",
    "rmdir",
    "sh",
    "sleep",
    "touch",
)

#: A Python of a given version whose venv holds a Python that shows how it is called, and a uv that notes its calls.
PYTHON = """#!/bin/sh
case "$*" in
  *version_info*) echo {version} ;;
  *ensurepip*) exit {no_venv} ;;
  "-m venv"*)
    for folder; do :; done
    mkdir -p "$folder/bin"
    cp "{bin}/venv-python" "$folder/bin/python"
    cp "{bin}/venv-uv" "$folder/bin/uv" ;;
esac
"""
VENV_PYTHON = """#!/bin/sh
case "$*" in
  "-m pip config"*) exit 1 ;;
  "-m pip install"*) echo "pip $*" >> "{log}"; exit 0 ;;
esac
echo "PYTHONPATH=$PYTHONPATH"
for one; do echo "<$one>"; done
"""
VENV_UV = """#!/bin/sh
echo "uv $* in $VIRTUAL_ENV" >> "{log}"
{then}
"""


class Checkout:
    """A checkout in a folder, and a path on which only stand-ins are found."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "my checkout"
        self.bin = folder / "bin"
        self.log = folder / "log"
        self.root.mkdir()
        self.bin.mkdir()
        shutil.copy(ROOT / "pdflow", self.root)
        for lock in ("requirements.lock", "requirements-dev.lock", "requirements-uv.lock"):
            (self.root / lock).write_text(f"# {lock}\n")
        for tool in TOOLS:
            found = shutil.which(tool)
            assert found, tool
            (self.bin / tool).symlink_to(found)
        self.program("venv-python", VENV_PYTHON.format(log=self.log))
        self.uv("exit 0")

    def program(self, name: str, text: str) -> None:
        path = self.bin / name
        path.unlink(missing_ok=True)
        path.write_text(text)
        path.chmod(0o755)

    def python(self, name: str = "python3", version: str = "3.12", *, venv: bool = True) -> None:
        self.program(name, PYTHON.format(version=version, no_venv=int(not venv), bin=self.bin))

    def uv(self, then: str) -> None:
        self.program("venv-uv", VENV_UV.format(log=self.log, then=then))

    def free_space(self, megabytes: int) -> None:
        self.program("df", f"#!/bin/sh\necho header\necho disk 0 0 {megabytes * 1024} 0 /\n")

    def run(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.root / "pdflow", *arguments],
            env={"PATH": str(self.bin), **environment},
            capture_output=True,
            text=True,
            timeout=30,
            cwd=self.bin,
        )

    @property
    def noted(self) -> list[str]:
        return self.log.read_text().splitlines() if self.log.exists() else []


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    checkout = Checkout(tmp_path)
    checkout.free_space(5000)
    return checkout


def test_the_first_start_makes_the_environment_and_runs_the_command(checkout: Checkout) -> None:
    checkout.python()

    done = checkout.run("run", "a model.bpmn")

    assert done.returncode == 0, done.stderr
    root = checkout.root
    assert f"PYTHONPATH={root}/src:{root}" in done.stdout
    assert done.stdout.splitlines()[-2:] == ["<run>", "<a model.bpmn>"]
    pip, uv = checkout.noted
    assert "--require-hashes" in pip and pip.endswith("requirements-uv.lock")
    assert uv == f"uv pip sync --quiet --require-hashes {root}/requirements.lock in {root}/.venv"


def test_a_second_start_installs_nothing_and_is_fast(checkout: Checkout) -> None:
    checkout.python()
    checkout.run("lint")
    before = checkout.noted

    took = []
    for _ in range(5):
        started = time.perf_counter()
        done = checkout.run("lint")
        took.append(time.perf_counter() - started)

    assert min(took) < 0.3  # the least disturbed of five, on a machine that also runs other tests
    assert done.stdout.splitlines()[-1] == "<lint>"
    assert done.stderr == ""
    assert checkout.noted == before


def test_a_changed_lock_is_installed_at_the_next_start(checkout: Checkout) -> None:
    checkout.python()
    checkout.run("lint")
    (checkout.root / "requirements.lock").write_text("# newer\n")

    checkout.run("lint")
    checkout.run("lint")

    assert len([line for line in checkout.noted if line.startswith("uv")]) == 2


def test_test_installs_what_tests_need_and_calls_pytest_which_other_commands_then_keep(
    checkout: Checkout,
) -> None:
    checkout.python()

    done = checkout.run("test", "-k", "two words")
    checkout.run("lint")

    assert done.stdout.splitlines()[-4:] == ["<-m>", "<pytest>", "<-k>", "<two words>"]
    (uv,) = [line for line in checkout.noted if line.startswith("uv")]
    assert "requirements-dev.lock" in uv


def test_the_launcher_works_through_a_link_from_elsewhere(checkout: Checkout) -> None:
    checkout.python()
    link = checkout.bin / "pdflow"
    link.symlink_to(checkout.root / "pdflow")

    done = subprocess.run([link, "lint"], env={"PATH": str(checkout.bin)}, capture_output=True, text=True)

    assert f"PYTHONPATH={checkout.root}/src" in done.stdout


def test_an_old_python3_is_passed_over_for_a_newer_one_beside_it(checkout: Checkout) -> None:
    checkout.python("python3", "3.9")
    checkout.python("python3.12", "3.12")

    assert checkout.run("lint").returncode == 0


def test_a_package_server_that_pip_knows_is_used_by_uv(checkout: Checkout) -> None:
    checkout.python()
    checkout.uv(f'echo "index $UV_DEFAULT_INDEX" >> "{checkout.log}"')

    checkout.run("lint", PIP_INDEX_URL="https://packages.example.org/simple")

    assert checkout.noted[-1] == "index https://packages.example.org/simple"


@pytest.mark.parametrize(
    ("version", "venv", "sentence"),
    [
        pytest.param(None, True, "expected Python 3.11 or newer on the path, found none", id="no Python"),
        pytest.param("3.10", True, "expected Python 3.11 or newer, found Python 3.10", id="3.10"),
        pytest.param("2.7", True, "expected Python 3.11 or newer, found Python 2.7", id="2.7"),
        pytest.param("3.12", False, "Python 3.12 has no venv module", id="no venv module"),
    ],
)
def test_a_python_that_will_not_do_is_a_sentence(
    checkout: Checkout, version: str | None, venv: bool, sentence: str
) -> None:
    if version is not None:
        checkout.python("python3", version, venv=venv)

    refused = checkout.run("up")

    assert refused.returncode == 1
    assert sentence in refused.stderr
    assert refused.stdout == ""
    assert not (checkout.root / ".venv.lock").exists()


def test_too_little_space_is_a_sentence_before_anything_is_downloaded(checkout: Checkout) -> None:
    checkout.python()
    checkout.free_space(200)

    refused = checkout.run("up")

    assert (refused.returncode, checkout.noted) == (1, [])
    assert "found 200 MB" in refused.stderr


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        pytest.param("error: No space left on device (os error 28)", "no space left", id="disk full"),
        pytest.param("error: Failed to fetch: dns error", "index cannot be reached", id="no network"),
        pytest.param("error: Hash mismatch for numpy", "not the one in the lock file", id="hash"),
        pytest.param("error: no idea", "could not be installed", id="anything else"),
    ],
)
def test_a_failed_download_is_a_sentence_and_the_next_start_goes_on(
    checkout: Checkout, said: str, sentence: str
) -> None:
    checkout.python()
    checkout.uv(f'[ -f "{checkout.bin}/solved" ] || {{ echo "{said}" >&2; exit 2; }}')

    refused = checkout.run("up")
    (checkout.bin / "solved").touch()
    done = checkout.run("up")

    assert refused.returncode == 1
    assert said in refused.stderr
    assert sentence in refused.stderr
    assert done.stdout.splitlines()[-1] == "<up>"


def test_a_download_that_fails_once_is_tried_again(checkout: Checkout) -> None:
    checkout.python()
    checkout.uv(f'[ -f "{checkout.bin}/second" ] || {{ touch "{checkout.bin}/second"; exit 2; }}')

    assert checkout.run("up").returncode == 0


def test_a_start_during_another_one_waits_for_its_environment(checkout: Checkout) -> None:
    checkout.python()
    checkout.uv(f'while [ ! -f "{checkout.bin}/go" ]; do sleep 0.05; done')
    environment = {"PATH": str(checkout.bin)}
    first = subprocess.Popen(
        [checkout.root / "pdflow", "lint"], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    while not checkout.log.exists():
        assert first.poll() is None
        time.sleep(0.01)
    second = subprocess.Popen(
        [checkout.root / "pdflow", "up"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert second.stderr is not None
    assert "waiting" in second.stderr.readline()

    (checkout.bin / "go").touch()

    assert first.wait(20) == 0
    assert second.communicate(timeout=20)[0].splitlines()[-1] == "<up>"
    assert len([line for line in checkout.noted if line.startswith("uv")]) == 1


def test_the_launcher_is_plain_shell_and_executable() -> None:
    assert os.access(ROOT / "pdflow", os.X_OK)
    subprocess.run(["sh", "-n", ROOT / "pdflow"], check=True)
