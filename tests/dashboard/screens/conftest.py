"""The screens on an in-process platform, with the shipped models and a clock that stands still."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from sqlalchemy import insert
from streamlit.testing.v1 import AppTest

from dashboard import backend
from pdflow.casework import deployment
from pdflow.records.crypto import KeyRing
from pdflow.records.documents import FolderDocuments
from pdflow.records.session import Records
from pdflow.records.tables import Definition
from pdflow.runtime.definitions import manifest_hash
from pdflow.services.inprocess import in_process
from pdflow.services.platform import Platform
from pdflow.services.settings import Settings

NOW = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def shipped() -> list[dict[str, Any]]:
    """Rows of the shipped definitions; the tests of deployment prove that deploying makes the same."""
    return [
        {
            "hash": manifest_hash(content),
            "process": json.loads(content)["process"],
            "version": 1,
            "manifest": content,
            "state": "published",
            "author": "release",
            "proposed_at": NOW,
            "published_by": "release",
            "published_at": NOW,
        }
        for content in deployment.manifests()
    ]


@pytest.fixture
def platform(
    records: Records,
    key_ring: KeyRing,
    tmp_path: Path,
    shipped: list[dict[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Platform]:
    """What the screens work on."""
    settings = Settings(state=tmp_path, simulation=True, sign_in="demo")
    made = in_process(records, FolderDocuments(tmp_path / "documents", key_ring), settings, lambda: NOW)
    with made.writing() as session:
        session.execute(insert(Definition), shipped)
    monkeypatch.setattr(backend, "open_records", lambda settings: records)
    monkeypatch.setattr(backend, "open_documents", lambda settings: made.documents)
    monkeypatch.setattr(backend, "TemporalGateway", lambda settings: made.gateway)
    backend.platform.cache_clear()
    opened = backend.platform()
    opened.now, opened.settings = made.now, settings
    st.cache_data.clear()
    yield made
    backend.platform.cache_clear()


Open = Callable[..., AppTest]


@pytest.fixture
def open_screen(platform: Platform) -> Open:
    """Run one screen as a viewer `role@unit`, with entries in its URL."""

    def run(screen: str, who: str, **url: str) -> AppTest:
        role, _, unit = who.partition("@")
        app = AppTest.from_function(_page, args=(screen, role, unit), default_timeout=30)
        for name, value in url.items():
            app.query_params[name] = value
        return app.run()

    return run


def _page(screen: str, role: str, unit: str) -> None:
    import importlib

    from dashboard.identity import Viewer
    from pdflow.services.actor import Actor, Grant

    me = Viewer(Actor(role, frozenset({Grant(role, unit)})), role, unit, "America/New_York", "en")
    importlib.import_module(f"dashboard.screens.{screen}").draw(me)


def texts(app: AppTest) -> str:
    """Everything that the page says, as one text."""
    kinds = ("title", "subheader", "markdown", "caption", "info", "warning", "success", "error")
    found: list[Any] = [each.value for kind in kinds for each in getattr(app, kind)]
    found += [each.proto.body for each in app.get("html")]
    return "\n".join(map(str, found))


def buttons(app: AppTest) -> list[str]:
    """Labels of the buttons."""
    return [button.label for button in app.button]


def entry(app: AppTest, name: str) -> str | None:
    """An entry of the URL; AppTest gives a list for what the test has set."""
    value = app.query_params.get(name)
    return value[-1] if isinstance(value, list) else value


def press(app: AppTest, words: str) -> AppTest:
    """Press the button whose label has these words."""
    (found,) = [button for button in app.button if words in button.label]
    return found.click().run()
