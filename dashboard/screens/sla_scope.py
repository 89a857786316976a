"""What the SLA screen looks at: the filters and the instant, all of them in the URL."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import get_args

import streamlit as st

from dashboard.identity import Viewer
from dashboard.place import chosen, put
from dashboard.theme import exact, moment
from pdflow.services.clocks import By
from pdflow.services.sla_board import Board, PolicyName, Scope

#: URL value -> what the filter is.
_YES_NO: Mapping[str, bool] = {"yes": True, "no": False}
_BY_WORDS: Mapping[str, str] = {"accountable": "By accountable unit", "origin": "By where the case began"}
_ANY = ""


def scope_of_url(now: datetime, names: Mapping[str, PolicyName]) -> Scope:
    """Read the scope; what is no choice counts as no filter.

    Args:
        now: the present, unless the URL is frozen at an earlier instant.
        names: the policies there are.
    """
    held, interpreter = st.query_params.get("held"), st.query_params.get("language")
    policy = st.query_params.get("clock")
    return Scope(
        at=frozen_at(now) or now,
        by=chosen("by", get_args(By), "accountable"),
        policy=policy if policy and policy in names and names[policy].holder == "office" else None,
        held=_YES_NO.get(held or ""),
        interpreter=_YES_NO.get(interpreter or ""),
    )


def frozen_at(now: datetime) -> datetime | None:
    """The instant that the URL is frozen at; one without a zone, or in the future, is none."""
    text = st.query_params.get("at")
    try:
        at = datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
    return at if at is not None and at.utcoffset() is not None and at <= now else None


def unit_of_url(board: Board) -> str | None:
    """The chosen unit, `None` for all."""
    unit = st.query_params.get("unit")
    return unit if unit in {row.code for row in board.rows} else None


def draw_filters(me: Viewer, board: Board, names: Mapping[str, PolicyName], *, frozen: bool) -> None:
    """Draw the filters in one line, and the switch between now and a frozen instant."""
    columns = st.columns([3.4, 2.8, 2.8, 2.3, 2.7, 3.4], vertical_alignment="center")
    duties = {id: name for id, name in names.items() if name.holder == "office"}
    units = {row.code: row.name for row in board.rows}
    with columns[0]:
        _select("Late counts for", "by", _BY_WORDS, default="accountable")
    with columns[1]:
        clocks = {_ANY: "All duty clocks", **{id: policy_words(id) for id in duties}}
        _select("Clock", "clock", clocks)
    with columns[2]:
        _select("Unit", "unit", {_ANY: "All units", **units})
    with columns[3]:
        _select("Held", "held", {_ANY: "Held or not", "yes": "Held", "no": "Not held"})
    with columns[4]:
        _select("Language", "language", {_ANY: "Any language", "yes": "Needs interpreter", "no": "English"})
    with columns[5]:
        _freeze(me, board, frozen=frozen)


def policy_words(policy: str) -> str:
    """A clock in a word or two: `appeal-review` is "Appeal review"."""
    return policy.replace("-", " ").capitalize()


def _select(label: str, name: str, choices: Mapping[str, str], *, default: str = _ANY) -> None:
    """A filter that stands in the URL; links and the table change it too, so the URL always wins."""
    key = f"sla-{name}"
    st.session_state[key] = chosen(name, tuple(choices), default)
    st.selectbox(
        label,
        list(choices),
        format_func=choices.__getitem__,
        key=key,
        on_change=_to_url(name, default),
        label_visibility="collapsed",
    )


def _to_url(name: str, default: str) -> Callable[[], None]:
    def changed() -> None:
        value = st.session_state[f"sla-{name}"]
        put(**{name: None if value == default else value})

    return changed


def _freeze(me: Viewer, board: Board, *, frozen: bool) -> None:
    at = board.scope.at
    said = moment(at, at, me.zone)
    if frozen:
        if st.button(f"Frozen as of {said}: show now", width="stretch", help=exact(at, me.zone)):
            put(at=None)
            st.rerun()
    elif st.button(
        f"Freeze as of {said}",
        width="stretch",
        help="Puts the instant into the address of this page: the link shows the same figures for ever.",
    ):
        put(at=at.replace(microsecond=0).isoformat())
        st.rerun()
