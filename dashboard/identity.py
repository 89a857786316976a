"""Who looks at the page: from the sealed cookie, the identity provider, or the demo's choice of a demo user."""

from dataclasses import dataclass
from datetime import datetime
from typing import NoReturn

import streamlit as st

from dashboard.backend import platform
from dashboard.sign_in import COOKIE
from pdflow.services import users
from pdflow.services.actor import Actor
from pdflow.services.sign_in import unseal

#: Session key of the demo user chosen in the header.
CHOSEN = "demo_user"


@dataclass(frozen=True)
class Viewer:
    """The person at the screen.

    Attributes:
        actor: what services are called with.
        name: as shown in the header.
        home: code of the unit of their first role; `None`: they have no role yet.
        zone: IANA time zone that instants are shown in.
        language: BCP 47 tag.
        left: when they were here last, before this visit.
    """

    actor: Actor
    name: str
    home: str | None
    zone: str
    language: str
    left: datetime | None = None


def viewer() -> Viewer:
    """Return who looks, or show how to sign in and stop the page."""
    place = platform()
    user = _user_id()
    if user is None:
        _ask_to_sign_in()
    with place.reading() as session:
        profile = users.profile(session, user) if user else None
    if profile is None:
        _ask_to_sign_in()
    # Once a visit: what is new is counted from the visit before.
    visit = f"left-{profile.actor.user}"
    if visit not in st.session_state:
        st.session_state[visit] = users.seen(place, profile.actor.user)
    left = st.session_state[visit]
    return Viewer(profile.actor, profile.name, profile.home, profile.time_zone, profile.language, left)


def _user_id() -> str | None:
    place = platform()
    if place.settings.sign_in == "demo":
        if CHOSEN not in st.session_state:
            with place.reading() as session:
                st.session_state[CHOSEN] = users.default_demo_user(session)
        return st.session_state[CHOSEN]
    if place.settings.sign_in == "oidc":
        if not st.user.is_logged_in:
            return None
        with place.reading() as session:
            return users.by_subject(session, str(st.user["sub"]))
    return unseal(place.records.keys, st.context.cookies.get(COOKIE, ""), place.now())


def _ask_to_sign_in() -> NoReturn:
    st.title("pdflow")
    if platform().settings.sign_in == "oidc":
        st.write("Sign in with your agency account. Your roles come from pdflow's own records.")
        st.button("Sign in", type="primary", on_click=st.login)
    else:
        st.write("You are not signed in, or your session is over. What you had saved is kept.")
        st.link_button("Sign in", "/sign-in", type="primary")
    st.stop()
    raise AssertionError("Streamlit ends the script at stop()")
