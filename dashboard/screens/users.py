"""Users and their roles, for the administrator: make one, give a role, take it back, lock somebody out."""

import secrets
from collections.abc import Callable
from typing import Any

import streamlit as st

from dashboard.backend import platform
from dashboard.identity import Viewer
from pdflow.services import permissions, units, users
from pdflow.services.actor import Grant
from pdflow.services.errors import ServiceError
from pdflow.services.sign_in import hash_password
from pdflow.services.users import Listed

#: Session key of the password that is shown once, with the login that it belongs to.
SHOWN_ONCE = "password_shown_once"


def draw(me: Viewer) -> None:
    """Draw the screen."""
    st.title("Users")
    with platform().reading() as session:
        found = users.everybody(me.actor, session)
        names = {unit.code: f"{unit.name} ({unit.code})" for unit in units.all_units(session)}
    if SHOWN_ONCE in st.session_state:
        login, password = st.session_state.pop(SHOWN_ONCE)
        st.success(f"{login} can sign in with the password {password} – it is shown this once.")
    with st.expander("New user", expanded=len(found) < 2):
        _new(me, names)
    typed = st.text_input("Find a user", placeholder="Part of a name or user name", key="users-find").lower()
    for user in [each for each in found if typed in f"{each.login} {each.name}".lower()][:50]:
        _user(me, user, names)


def _new(me: Viewer, names: dict[str, str]) -> None:
    with st.form("new-user", clear_on_submit=True):
        login = st.text_input("User name", max_chars=80)
        name = st.text_input("Name, as colleagues see it", max_chars=120)
        role, unit = _role_and_unit("new", names)
        if not st.form_submit_button("Make user", type="primary"):
            return
    if not login.strip() or not name.strip() or role is None or unit is None:
        st.error("A user needs a user name, a name, a role and a unit.")
        return
    # With an identity provider nobody has a password here.
    password = secrets.token_urlsafe(12) if platform().settings.sign_in == "password" else None

    def make() -> None:
        users.create(
            me.actor,
            platform(),
            login=login,
            name=name.strip(),
            grants=[Grant(role, unit)],
            password=hash_password(password) if password else None,
        )
        if password:
            st.session_state[SHOWN_ONCE] = (login.strip().lower(), password)

    _do(make)


def _role_and_unit(key: str, names: dict[str, str]) -> tuple[str | None, str | None]:
    role = st.selectbox(
        "Role",
        sorted(permissions.ROLES),
        index=None,
        format_func=lambda each: each.replace("_", " "),
        key=f"role-{key}",
        placeholder="Choose a role",
    )
    unit = st.selectbox(
        "Unit",
        list(names),
        index=None,
        format_func=names.__getitem__,
        key=f"unit-{key}",
        placeholder="Choose a unit",
    )
    return role, unit


def _user(me: Viewer, user: Listed, names: dict[str, str]) -> None:
    said = ", ".join(f"{grant.role.replace('_', ' ')} of {grant.unit}" for grant in user.grants) or "no role"
    locked = "" if user.active else " · locked out"
    with st.expander(f"{user.name} · {user.login} · {said}{locked}"):
        for grant in user.grants:
            words = f"Take back: {grant.role.replace('_', ' ')} of {grant.unit}"
            if st.button(words, key=f"take-{user.id}-{grant.group}"):
                _do(lambda held=grant: users.take(me.actor, platform(), user.id, held))  # type: ignore[misc]
        role, unit = _role_and_unit(user.id, names)
        if st.button("Give this role", key=f"give-{user.id}", disabled=role is None or unit is None):
            _do(lambda: users.give(me.actor, platform(), user.id, Grant(str(role), str(unit))))
        if user.active and user.id != me.actor.user and st.button("Lock out", key=f"lock-{user.id}"):
            _do(lambda: users.deactivate(me.actor, platform(), user.id))


def _do(call: Callable[[], Any]) -> None:
    try:
        call()
    except ServiceError as refusal:
        st.error(str(refusal))
        return
    st.rerun()
