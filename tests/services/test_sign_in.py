"""Only the right password signs in, and only an unaltered, unexpired cookie of this installation names a user."""

from datetime import UTC, datetime, timedelta

import pytest

from pdflow.records.crypto import KeyRing
from pdflow.records.tables import User
from pdflow.services.errors import Refused
from pdflow.services.sign_in import SESSION, check_password, hash_password, seal, unseal

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@pytest.fixture
def administrator(records):
    with records.writing() as session:
        session.add(
            User(
                id="u-admin",
                login="admin",
                name="Ada Park",
                password=hash_password("correct horse battery"),
                created_at=NOW,
            )
        )
    return "u-admin"


@pytest.mark.parametrize(
    ("login", "password", "user"),
    [
        ("admin", "correct horse battery", "u-admin"),
        (" Admin ", "correct horse battery", "u-admin"),
        ("admin", "correct horse batterz", None),
        ("nobody", "correct horse battery", None),
        ("admin", "", None),
    ],
)
def test_only_the_right_password_signs_in(records, administrator, login, password, user):
    with records.reading() as session:
        assert check_password(session, login, password) == user


def test_a_short_password_is_refused():
    with pytest.raises(Refused) as refusal:
        hash_password("short")
    assert refusal.value.code == "password-too-short"


def test_a_cookie_names_its_user_until_it_is_over():
    keys = KeyRing.fresh()
    cookie = seal(keys, "u-1", NOW)
    assert unseal(keys, cookie, NOW + SESSION - timedelta(seconds=1)) == "u-1"
    assert unseal(keys, cookie, NOW + SESSION) is None


@pytest.mark.parametrize(
    "spoil", [lambda c: c[:-4] + "AAAA", lambda c: "", lambda c: "x" * 40, lambda c: c[8:]]
)
def test_an_altered_cookie_names_nobody(spoil):
    keys = KeyRing.fresh()
    assert unseal(keys, spoil(seal(keys, "u-1", NOW)), NOW) is None


def test_a_cookie_of_another_installation_names_nobody():
    assert unseal(KeyRing.fresh(), seal(KeyRing.fresh(), "u-1", NOW), NOW) is None
