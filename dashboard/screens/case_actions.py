"""What else may be done with an open case at any time: a removal date, a transfer, the end of the request."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import streamlit as st

from dashboard.backend import platform
from dashboard.identity import Viewer
from dashboard.place import go
from dashboard.screens.case_next import FLASH
from pdflow.casework import requests, transfers
from pdflow.casework.view import Head
from pdflow.services import permissions, units
from pdflow.services.errors import ServiceError

#: Where a date may come from; kept with the date.
SOURCES = {
    "detention_record": "Detention record",
    "court_docket": "Court docket",
    "counsel": "Counsel",
    "person": "The person",
    "officer": "The officer's own knowledge",
}


def draw_actions(me: Viewer, about: Head) -> None:
    """Draw the menu of an open case: only what the viewer may do is there."""
    if about.closed_at is not None:
        return
    offered = [
        (words, draw)
        for effect, words, draw in (
            ("requests.set-date", "Record a removal date", _removal_date),
            ("requests.transfer", "Hand the case to another office", _transfer),
            ("requests.withdraw", "The person takes the request back", _withdraw),
            ("requests.close-moot", "Nothing is left to decide", _close_moot),
        )
        if permissions.allowed(me.actor, effect, about.office)
    ]
    with st.container(horizontal=True, key="case-actions"):
        if st.button("Add evidence", key="action-evidence"):
            go("new", kind="evidence", case=about.case)
        if st.button("File an appeal", key="action-appeal"):
            go("new", kind="appeal", case=about.case)
        if offered:
            with st.popover("More"):
                for words, draw in offered:
                    with st.expander(words):
                        draw(me, about)


def _removal_date(me: Viewer, about: Head) -> None:
    now = platform().now()
    day = st.date_input(
        "Removal date", None, min_value=now.date(), max_value=now.date() + timedelta(days=730)
    )
    source = st.selectbox("From where?", list(SOURCES), index=None, format_func=SOURCES.__getitem__)
    st.caption("The liaison gets a task at once.")
    pressed = st.button(
        "Record", key="do-removal-date", type="primary", disabled=day is None or source is None
    )
    if pressed and day is not None and source is not None:
        _do(
            lambda: requests.set_removal_date(me.actor, platform(), about.case, day, source),
            "The removal date is recorded.",
        )


def _transfer(me: Viewer, about: Head) -> None:
    with platform().reading() as session:
        offices = {
            unit.code: unit.name
            for unit in units.all_units(session, type="field_office")
            if unit.code != about.office
        }
    office = st.selectbox(
        "To", list(offices), index=None, format_func=offices.__getitem__, key="do-transfer-to"
    )
    st.caption("Open tasks go along; each clock keeps who was accountable, and for how long.")
    if st.button("Hand over", key="do-transfer", type="primary", disabled=office is None):
        _do(
            lambda: transfers.transfer(me.actor, platform(), about.case, str(office)),
            f"The case is with {offices.get(str(office))} now.",
        )


def _withdraw(me: Viewer, about: Head) -> None:
    reason = st.text_area("In their own words", key="do-withdraw-reason", max_chars=2000)
    if st.button("Take back", key="do-withdraw", type="primary", disabled=len(reason.strip()) < 5):
        _do(
            lambda: requests.withdraw(me.actor, platform(), about.case, reason.strip()),
            "The request is taken back; nothing is decided against the person.",
        )


def _close_moot(me: Viewer, about: Head) -> None:
    reason = st.text_area("Why is nothing left to decide?", key="do-moot-reason", max_chars=2000)
    if st.button("Close", key="do-moot", type="primary", disabled=len(reason.strip()) < 5):
        _do(
            lambda: requests.close_moot(me.actor, platform(), about.case, reason.strip()),
            "The case is closed.",
        )


def _do(call: Callable[[], Any], sentence: str) -> None:
    """Act, then show the case anew; a refusal is a sentence."""
    try:
        call()
    except ServiceError as refusal:
        st.error(str(refusal))
        return
    st.session_state[FLASH] = sentence
    st.rerun()
