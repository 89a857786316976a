"""Moving the clock of a practice case: to its next due time, or by a span; nobody moves a real clock."""

from datetime import timedelta

import streamlit as st

from dashboard.backend import platform
from dashboard.identity import Viewer
from dashboard.theme import moment
from pdflow.casework import practice
from pdflow.casework.practice import PracticeClock
from pdflow.casework.view import Head
from pdflow.services.errors import ServiceError

SPANS = {"1 hour": timedelta(hours=1), "1 day": timedelta(days=1), "1 week": timedelta(weeks=1)}


def ask_clock(about: Head) -> PracticeClock | None:
    """Where the clock of a practice case stands; `None`: it is none, it is over, or it does not answer just now."""
    if not about.practice or about.instance is None or about.closed_at is not None:
        return None
    try:
        return practice.clock(platform(), about.instance)
    except ServiceError as silence:
        st.warning(str(silence))
        return None


def draw_practice(me: Viewer, about: Head, stands: PracticeClock) -> None:
    """Draw the controls of a practice case, with the instant at which its clock stands."""
    assert about.instance is not None
    due = f", next due {moment(stands.due, stands.now, about.zone)}" if stands.due else ", nothing is due"
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.html(
            f"<strong>Practice case.</strong> Its clock stands at {moment(stands.now, stands.now, about.zone)}{due}."
        )
        if st.button("Advance to next due", key="advance-due", disabled=stands.due is None):
            _move(me, about.instance, None)
        for words, span in SPANS.items():
            if st.button(f"Advance {words}", key=f"advance-{words}"):
                _move(me, about.instance, span)


def _move(me: Viewer, instance: str, span: timedelta | None) -> None:
    try:
        practice.advance(me.actor, platform(), instance, span)
    except ServiceError as refusal:
        st.error(str(refusal))
        return
    st.rerun()
