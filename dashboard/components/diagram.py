"""A read-only BPMN diagram with the state of a case, or the counts of all cases, drawn on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256

import streamlit as st

from dashboard.components.assets import loader


@dataclass(frozen=True)
class Count:
    """How many cases stand at an element now, and how many of them are late."""

    waiting: int
    late: int = 0


_component = st.components.v2.component(
    "pdflow_diagram",
    html="""
<div class="pd-failure" role="alert" hidden></div>
<div class="pd-diagram" role="group"></div>
""",
    js=loader("viewer"),
    isolate_styles=False,
)


def diagram(
    xml: str,
    *,
    key: str,
    counts: Mapping[str, Count] | None = None,
    active: Iterable[str] = (),
    done: Iterable[str] = (),
    late: Iterable[str] = (),
    selected: str | None = None,
    height: int = 480,
    label: str = "Process diagram; its elements are also listed on this page",
) -> str | None:
    """Draw a model and return the id of the element that was clicked since the last run, else None.

    The click is an event: it is returned in one run only, so the page keeps what it makes of it. A canvas is of
    no use to a keyboard or a screen reader: the page lists the same elements beside it.

    Args:
        xml: BPMN 2.0 with diagram interchange; the diagram is loaded anew only when it changes.
        key: Streamlit key, unique on the page.
        counts: by element id, what to write at the lower right of an element.
        active: ids of the elements where the tokens of the case are.
        done: ids of completed elements and of sequence flows that were taken.
        late: ids of the elements that are late; they may be active too.
        selected: id of the element to outline.
        height: in CSS pixels.
        label: what a screen reader says of the diagram.
    """
    result = _component(
        key=key,
        data={
            "xml": xml,
            "revision": sha256(xml.encode()).hexdigest(),
            "counts": {element: asdict(count) for element, count in (counts or {}).items()},
            "active": list(active),
            "done": list(done),
            "late": list(late),
            "selected": selected,
            "height": height,
            "label": label,
        },
        on_clicked_change=_rerun,
    )
    clicked = result.clicked
    return clicked if isinstance(clicked, str) else None


def _rerun() -> None:
    """Declare the event to Streamlit: without a callback its value would be missing until the first click."""
