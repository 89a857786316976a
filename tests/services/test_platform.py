"""Preparing a state folder."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlmodel import select

from pdflow.records.errors import KeyMissing
from pdflow.records.tables import Unit
from pdflow.services.platform import open_documents, open_records, prepare
from pdflow.services.settings import Settings

TODAY = date(2026, 11, 24)


def test_a_fresh_folder_gets_keys_schema_and_units_and_keeps_them(tmp_path: Path) -> None:
    settings = Settings(state=tmp_path / "live")
    prepare(settings, today=TODAY)
    keys = settings.key_file.read_bytes()
    prepare(settings, today=TODAY)
    assert settings.key_file.read_bytes() == keys
    assert (tmp_path / "live").stat().st_mode & 0o077 == 0
    records = open_records(settings)
    with records.reading() as session:
        assert len(session.exec(select(Unit)).all()) == 29
    records.dispose()
    digest = open_documents(settings).put(b"letter")
    assert open_documents(settings).get(digest) == b"letter"


def test_records_without_their_key_file_are_not_given_a_new_one(tmp_path: Path) -> None:
    settings = Settings(state=tmp_path)
    prepare(settings, today=TODAY)
    settings.key_file.unlink()
    with pytest.raises(KeyMissing, match="backup"):
        prepare(settings, today=TODAY)
    assert not settings.key_file.exists()
    with pytest.raises(KeyMissing, match="backup"):
        open_records(settings)


def test_every_setting_is_documented() -> None:
    page = Path("docs/settings.md").read_text()
    for name, field in Settings.model_fields.items():
        assert f"| `PDFLOW_{name.upper()}` |" in page, name
        assert field.description and field.description in page, name
