"""SLA by field office: where people are waiting past due now, and for what."""

from html import escape

import streamlit as st

from dashboard.backend import platform
from dashboard.identity import Viewer
from dashboard.place import chosen, put
from dashboard.screens.sla_cases import draw_cases
from dashboard.screens.sla_figures import SHOWS, draw_figures, sentence
from dashboard.screens.sla_scope import draw_filters, frozen_at, scope_of_url, unit_of_url
from dashboard.screens.sla_units import draw_units
from pdflow.services import sla_board


def draw(me: Viewer) -> None:
    """Draw the screen for the scope, the unit and the list that the URL names."""
    place = platform()
    now = place.now()
    with place.reading() as session:
        names = sla_board.policies(session)
        scope = scope_of_url(now, names)
        board = sla_board.board(session, scope)
    unit = unit_of_url(board)
    show = chosen("show", SHOWS, "late")
    with st.container(gap="small"):
        st.title("SLA by field office")
        st.html(f'<p class="pd-first">{escape(sentence(board))}</p>')
        picked = draw_figures(me, board, unit, show)
        draw_filters(me, board, names, frozen=frozen_at(now) is not None)
    if picked is not None:
        put(show=None if picked == "late" else picked)
        st.rerun()
    chosen_unit = draw_units(me, board, unit)
    if chosen_unit is not None:
        put(unit=None if chosen_unit == unit else chosen_unit)
        st.rerun()
    draw_cases(me, board, names, unit, show)
