"""What a draft or a proposal changes against the live version, element by element."""

import streamlit as st

from pdflow.engine.findings import ModelRefused
from pdflow.services.model_changes import Change, changes
from pdflow.services.model_words import TYPES

_SHAPES = {"added": "+ added", "removed": "− removed", "changed": "~ changed"}


def draw_changes(before_xml: str, after_xml: str, *, before: str) -> None:
    """List the changes, or say that there are none."""
    try:
        found = changes(before_xml, after_xml)
    except ModelRefused as refused:
        st.warning(f"The changes cannot be told: {refused}")
        return
    if not found:
        st.html(f'<div class="pd-empty">Nothing differs from {before}.</div>')
        return
    counted = "1 difference" if len(found) == 1 else f"{len(found)} differences"
    st.markdown(f"**{counted} to {before}**")
    st.markdown("\n".join(_line(change) for change in found))


def _line(change: Change) -> str:
    """One change as a list entry; what comes from the model is code, so that it formats nothing."""
    kind = TYPES.get(change.type, change.type)
    name = _quoted(change.name or change.element)
    inner = "".join(f"\n    - {_quoted(what)}" for what in change.what)
    return f"- {_SHAPES[change.kind]}: {name} ({kind}){inner}"


def _quoted(text: str) -> str:
    cleaned = " ".join(text.split()).replace("`", "'")
    return f"`{cleaned}`"
