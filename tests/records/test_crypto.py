"""Encryption at rest, look-up hashes and the documents store."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import select

from pdflow.records.crypto import KeyRing
from pdflow.records.documents import FolderDocuments
from pdflow.records.errors import DocumentMissing, KeyMissing, Undecipherable
from pdflow.records.session import Records
from pdflow.records.tables import Note, Person
from tests.records.test_schema import AT


def test_a_name_is_readable_through_the_model_and_nowhere_in_the_database(records: Records) -> None:
    with records.writing() as session:
        session.add(Person(id="p", given="Ximena", address={"city": "Tucson"}, created_at=AT))
    with records.reading() as session:
        person = session.exec(select(Person)).one()
        raw = session.execute(text("SELECT given, address FROM persons")).one()
    assert (person.given, person.address) == ("Ximena", {"city": "Tucson"})
    assert b"Ximena" not in bytes(raw[0]) and b"Tucson" not in bytes(raw[1])


def test_a_value_moved_to_another_column_does_not_open(records: Records) -> None:
    with records.writing() as session:
        session.add(Person(id="p", given="Ximena", created_at=AT))
    with records.writing() as session:
        session.execute(text("UPDATE persons SET family = given"))
    with pytest.raises(Undecipherable, match=r"persons\.family"), records.reading() as session:
        session.exec(select(Person)).all()


def test_after_rotation_old_values_open_and_new_ones_need_the_new_key() -> None:
    old = KeyRing.fresh()
    new = old.rotated()
    assert new.decrypt(old.encrypt(b"x", "l"), "l") == b"x"
    with pytest.raises(KeyMissing, match="k2"):
        old.decrypt(new.encrypt(b"x", "l"), "l")
    assert new.lookup("a-number", "A001") == old.lookup("a-number", "A001")


@pytest.mark.parametrize("spot", [0, 1, 5, -1])
def test_an_altered_value_is_refused(spot: int) -> None:
    ring = KeyRing.fresh()
    sealed = bytearray(ring.encrypt(b"text", "l"))
    sealed[spot] ^= 1
    with pytest.raises((Undecipherable, KeyMissing)):
        ring.decrypt(bytes(sealed), "l")


def test_the_same_identifier_of_two_kinds_has_two_hashes() -> None:
    ring = KeyRing.fresh()
    assert ring.lookup("a-number", "1") == ring.lookup("a-number", "1") != ring.lookup("receipt", "1")
    assert ring.lookup("a-number", "1") != KeyRing.fresh().lookup("a-number", "1")


def test_a_key_file_is_for_its_owner_alone_and_opens_the_same_values(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    ring = KeyRing.fresh()
    ring.save(path)
    assert path.stat().st_mode & 0o077 == 0
    assert KeyRing.open(path).decrypt(ring.encrypt(b"x", "l"), "l") == b"x"


@pytest.mark.parametrize(
    "content", [None, "", "[]", '{"active": "k1"}', '{"active":"k2","keys":{},"lookup":""}']
)
def test_a_missing_or_broken_key_file_is_said_in_a_sentence(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "keys.json"
    if content is not None:
        path.write_text(content)
    with pytest.raises(KeyMissing):
        KeyRing.open(path)


def test_a_document_is_kept_once_and_neither_name_nor_bytes_tell_anything(tmp_path: Path) -> None:
    store = FolderDocuments(tmp_path / "documents", KeyRing.fresh())
    digest = store.put(b"letter of a friend")
    assert store.put(b"letter of a friend") == digest
    assert store.get(digest) == b"letter of a friend"
    files = [path for path in (tmp_path / "documents").rglob("*") if path.is_file()]
    assert len(files) == 1
    assert digest[:8] not in str(files[0]) and b"friend" not in files[0].read_bytes()
    assert files[0].stat().st_mode & 0o077 == 0


def test_a_damaged_document_is_noticed_and_an_unknown_one_is_missing(tmp_path: Path) -> None:
    store = FolderDocuments(tmp_path, KeyRing.fresh())
    digest = store.put(b"x")
    (file,) = (path for path in tmp_path.rglob("*") if path.is_file())
    os.chmod(file, 0o600)
    file.write_bytes(file.read_bytes()[:-1] + b"\0\0")
    with pytest.raises(Undecipherable):
        store.get(digest)
    for unknown in ("0" * 64, "../../etc/passwd", ""):
        with pytest.raises(DocumentMissing):
            store.get(unknown)


def test_free_text_of_a_note_is_encrypted(records: Records) -> None:
    from pdflow.records.tables import Case

    with records.writing() as session:
        session.add(
            Case(
                id="K7Q-4MX",
                office="ATL",
                origin_office="ATL",
                state="received",
                channel="counsel",
                received_at=AT,
            )
        )
        session.flush()
        session.add(Note(id="n", case="K7Q-4MX", author="u", at=AT, text="met her sister"))
    with records.reading() as session:
        assert b"sister" not in bytes(session.execute(text("SELECT text FROM notes")).scalar_one())
