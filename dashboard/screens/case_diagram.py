"""The diagrams of a case with its tokens, and the same elements as a list for keyboard and screen reader."""

import streamlit as st

from dashboard.backend import platform
from dashboard.components.diagram import diagram
from pdflow.casework.view import DiagramView, Head, diagrams


def draw_diagram(about: Head) -> None:
    """Draw the diagram of the process where the case stands; others can be chosen."""
    if about.instance is None:
        st.html('<div class="pd-empty">The process has not started yet.</div>')
        return
    with platform().reading() as session:
        found = diagrams(session, about.instance)
    if not found:
        st.html('<div class="pd-empty">The process has not entered any element yet.</div>')
        return
    # The innermost process with a token is where people work; the outermost shows the whole life.
    names = [each.title for each in found]
    deepest = max(range(len(found)), key=lambda place: bool(found[place].active) * (place + 1))
    chosen = st.selectbox("Process", names, index=deepest, key=f"process-{about.case}")
    shown = found[names.index(chosen)]
    diagram(
        shown.xml,
        key=f"diagram-{about.case}-{shown.definition[:8]}",
        active=shown.active,
        done=shown.done,
        late=shown.late,
        label=f"{shown.title}; its elements are also listed below",
    )
    _list(shown)


def _list(shown: DiagramView) -> None:
    with st.expander("The same as a list"):
        for state, elements in (("Here now", shown.active), ("Late", shown.late), ("Done", shown.done)):
            if elements:
                st.markdown(f"**{state}**")
                st.markdown("\n".join(f"- {shown.names[element]}" for element in elements))
