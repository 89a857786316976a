"""The header of every page: find a case, who I am, the clock, and what must be known about the data."""

from html import escape

import streamlit as st

from dashboard.backend import platform
from dashboard.identity import CHOSEN, Viewer
from dashboard.place import go
from dashboard.theme import chip, exact, moment, span
from pdflow.casework.find import Hit, find
from pdflow.services import heartbeat, users
from pdflow.services.errors import Refused

#: Session key of the widget that chooses a demo user.
_PICKED = "demo_user_picked"


def draw_header(me: Viewer) -> None:
    """Draw the header above the screen, in one row."""
    place = platform()
    _silence()
    with st.container(key="header"):
        search, clock, who = st.columns([5, 3, 4], vertical_alignment="center")
        with search:
            _find(me)
        with clock:
            simulated = place.settings.sign_in == "demo"
            note = chip("Simulated data", "warning", title="Nobody here exists; nothing leaves this machine.")
            now = place.now()
            st.html(
                f'<span class="pd-muted" title="{escape(exact(now, me.zone))}">{moment(now, now, me.zone)}</span> '
                f"{note if simulated else ''}"
            )
        with who:
            _who(me)


def _silence() -> None:
    """Say that the worker does not answer, since when, and what that means for what one does."""
    place = platform()
    with place.reading() as session:
        last = heartbeat.last(session)
    silent = place.now() - last if last else None
    if silent is None or silent > heartbeat.SILENT_AFTER:
        since = f"for {span(silent)}" if silent else "since the start"
        st.html(
            f'<p class="pd-banner pd-banner--danger" role="status">The worker has not answered {since}. What you do is '
            "kept and goes on when it is back; clocks go on.</p>"
        )


def _find(me: Viewer) -> None:
    with st.form("find", border=False):
        box, press = st.columns([4, 1], vertical_alignment="bottom")
        text = box.text_input(
            "Find a case",
            placeholder="Case, receipt, A-number, or full name and birth date",
            label_visibility="collapsed",
            autocomplete="off",
        )
        pressed = press.form_submit_button("Find", width="stretch")
    if not pressed or not text.strip():
        return
    try:
        hits = find(me.actor, platform(), text)
    except Refused as refusal:
        st.warning(str(refusal))
        return
    if len(hits) == 1:
        go("case", case=hits[0].case)
    if not hits:
        st.info("No case that you may open was found. The look-up was logged.")
    for hit in hits:
        _hit(hit, me)


def _hit(hit: Hit, me: Viewer) -> None:
    words = f"{hit.case} · {hit.short_name} · {hit.office} · {hit.state.replace('_', ' ')}"
    if st.button(words, key=f"hit-{hit.case}"):
        go("case", case=hit.case)


def _who(me: Viewer) -> None:
    """Name, role and office; in the demo, the choice of whom to be."""
    place = platform()
    if place.settings.sign_in != "demo":
        roles = ", ".join(sorted({grant.role.replace("_", " ") for grant in me.actor.grants}))
        st.html(
            f'<p class="pd-muted">{escape(me.name)} · {roles} · {me.home} · <a href="/sign-out">Sign out</a></p>'
        )
        return
    with place.reading() as session:
        demo_users = {user.id: user for user in users.demo_users(session)}
    # The choice is kept apart from the widget: Streamlit forgets a widget's value when a script switches the page.
    st.session_state[_PICKED] = me.actor.user
    st.selectbox(
        "Demo user",
        list(demo_users),
        format_func=lambda user: (
            f"{demo_users[user].name}, {demo_users[user].role.replace('_', ' ')} · {demo_users[user].unit}"
        ),
        key=_PICKED,
        on_change=_be,
        label_visibility="collapsed",
    )


def _be() -> None:
    st.session_state[CHOSEN] = st.session_state[_PICKED]
