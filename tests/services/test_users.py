"""Users, grants, and what a role may do."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from pdflow.records.tables import Audit
from pdflow.records.tables import Grant as GrantRow
from pdflow.services import permissions, registry, users
from pdflow.services.actor import SYSTEM, Actor, Grant
from pdflow.services.errors import Conflict, NotAllowed, NotFound, Refused
from pdflow.services.platform import Platform
from tests.services.conftest import ADMINISTRATOR, OFFICER, START, every, only

ATLANTA = Grant("officer", "ATL")


def make(platform: Platform, login: str = "Ana.Ruiz", *grants: Grant, id: str | None = None) -> str:
    return users.create(
        SYSTEM,
        platform,
        login=login,
        name="Ana Ruiz",
        grants=grants or (ATLANTA,),
        subject=f"s-{login}",
        id=id,
    )


def test_a_new_user_is_an_actor_with_their_grants_whatever_the_case_of_the_login(platform: Platform) -> None:
    user = make(platform)
    with platform.reading() as session:
        assert users.by_login(session, " ANA.ruiz ") == user == users.by_subject(session, "s-Ana.Ruiz")
        assert users.actor(session, user) == Actor(user, frozenset({ATLANTA}))
        profile = users.profile(session, user)
        assert [row.id for row in users.colleagues(session, "ATL.officer")] == [user]
    assert profile is not None
    assert (profile.home, profile.role, profile.time_zone) == ("ATL", "officer", "America/New_York")
    assert only(platform, Audit, action="user.create").subject == f"user:{user}"


def test_a_role_that_is_taken_is_gone_at_once_and_its_row_stays(platform: Platform) -> None:
    user = make(platform)
    users.take(ADMINISTRATOR, platform, user, ATLANTA)
    with platform.reading() as session:
        assert users.actor(session, user).grants == frozenset()
        assert users.colleagues(session, "ATL.officer") == []
    row = only(platform, GrantRow)
    assert (row.revoked_at, row.granted_at) == (START, START)
    users.give(ADMINISTRATOR, platform, user, ATLANTA)
    with platform.reading() as session:
        assert users.actor(session, user).grants == {ATLANTA}
    assert {row.action for row in every(platform, Audit)} >= {"user.create", "user.grant", "user.revoke"}
    with pytest.raises(NotFound):
        users.take(ADMINISTRATOR, platform, user, Grant("director", "ATL"))


def test_somebody_who_is_deactivated_is_nobody(platform: Platform) -> None:
    user = make(platform)
    users.deactivate(ADMINISTRATOR, platform, user)
    with platform.reading() as session:
        assert users.profile(session, user) is users.by_login(session, "ana.ruiz") is None
        with pytest.raises(NotFound):
            users.actor(session, user)


@pytest.mark.parametrize("grant", [Grant("king", "ATL"), Grant("officer", "XXX")])
def test_an_unknown_role_or_unit_is_refused_and_no_user_is_left(platform: Platform, grant: Grant) -> None:
    with pytest.raises(Refused):
        make(platform, "x", grant)
    with platform.reading() as session:
        assert users.by_login(session, "x") is None


def test_a_login_is_taken_once(platform: Platform) -> None:
    make(platform)
    with pytest.raises(Conflict):
        make(platform, "ana.RUIZ")


def test_only_an_administrator_manages_users(platform: Platform) -> None:
    user = make(platform)
    with pytest.raises(NotAllowed, match="administrator"):
        users.give(OFFICER, platform, user, Grant("administrator", "HQ"))


def test_the_demo_offers_its_users_by_unit(platform: Platform) -> None:
    make(platform, "b", Grant("officer", "BOS"), id="demo-b")
    make(platform, "l", Grant("liaison", "ATL"), Grant("officer", "ATL"), id="demo-liaison")
    make(platform, "real")
    with platform.reading() as session:
        shown = users.demo_users(session)
        assert [(user.id, user.role, user.unit) for user in shown] == [
            ("demo-liaison", "officer", "ATL"),
            ("demo-b", "officer", "BOS"),
        ]
        assert users.default_demo_user(session) == "demo-liaison"


def test_a_role_counts_in_its_unit_alone_where_the_table_says_so() -> None:
    assert permissions.allowed(OFFICER, "determination.write", "ATL")
    assert not permissions.allowed(OFFICER, "determination.write", "DAL")
    assert not permissions.allowed(OFFICER, "determination.approve", "ATL")
    assert not permissions.allowed(ADMINISTRATOR, "determination.write", "HQ")
    assert not permissions.allowed(OFFICER, "no.such-command", "ATL")
    assert permissions.allowed(SYSTEM, "definition.publish", None)


def test_no_role_both_writes_and_publishes_models_or_writes_and_approves_decisions() -> None:
    table = permissions.BY_COMMAND
    for first, second in (
        ("definition.propose", "definition.publish"),
        ("determination.write", "determination.approve"),
        ("determination.approve", "determination.approve-hq"),
        ("determination.write", "reviews.decide"),
        ("reviews.decide", "reviews.decide-hq"),
        ("liaisons.flag", "determination.sign"),
    ):
        assert not table[first].roles & table[second].roles, (first, second)


def test_every_row_names_known_roles_and_every_command_has_one_row() -> None:
    assert all(row.roles and row.roles <= permissions.ROLES for row in permissions.TABLE)
    assert len(permissions.BY_COMMAND) == len(permissions.TABLE)
    importlib.import_module("pdflow.casework.effects")
    assert registry.command_names()
    assert registry.command_names() <= set(permissions.BY_COMMAND)


def test_the_page_of_roles_is_what_the_table_says() -> None:
    page = Path("docs/roles.md")
    assert page.read_text() == permissions.page(), "write it again: python -m pdflow.services.permissions"
