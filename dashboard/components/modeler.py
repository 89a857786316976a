"""The BPMN editor of the Models page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from dashboard.components.assets import loader


@dataclass(frozen=True)
class ModelerState:
    """What the editor holds.

    Attributes:
        xml: the model as edited since `revision` was opened, None while nothing was changed.
        selected: id of the one selected element, else None.
        warnings: what the editor could not read of the opened XML; empty for a clean import.
    """

    xml: str | None
    selected: str | None
    warnings: list[str]


_component = st.components.v2.component(
    "pdflow_modeler",
    html="""
<div class="pd-failure" role="alert" hidden></div>
<div class="pd-modeler" role="group">
  <div class="pd-canvas"></div>
  <div class="pd-properties"></div>
</div>
""",
    js=loader("modeler"),
    isolate_styles=False,
)


def modeler(
    xml: str,
    *,
    revision: str,
    key: str,
    findings: Sequence[Mapping[str, Any]] = (),
    focus: str | None = None,
    height: int = 560,
    policies: Sequence[str] = (),
    task_types: Sequence[str] = (),
    label: str = "Process editor; the elements of the model are also listed on this page",
) -> ModelerState:
    """Show the editor and return what it holds; the script reruns at most every 400 ms while somebody edits.

    Args:
        xml: the model to open.
        revision: names what `xml` is. The editor opens `xml` when the revision changes and at no other time, so
            a rerun keeps undo, selection and viewport; edits of an earlier revision are not returned.
        key: Streamlit key, unique on the page.
        findings: of the server's check, each with `element` (id or None), `severity` ("error" or "advice") and
            `message`; drawn on the elements.
        focus: id of an element to bring to the centre and select, acted on when it changes.
        height: in CSS pixels.
        policies: ids of the SLA policies that a designer may choose; with none, the id is typed.
        task_types: registered jobs that a task may name as its type; with none, the type is typed.
        label: what a screen reader says of the editor.
    """
    result = _component(
        key=key,
        data={
            "xml": xml,
            "revision": revision,
            "findings": [
                {"element": f.get("element"), "severity": f["severity"], "message": f["message"]}
                for f in findings
            ],
            "focus": focus,
            "height": height,
            "policies": list(policies),
            "taskTypes": list(task_types),
            "label": label,
        },
        on_edited_change=_rerun,
        on_opened_change=_rerun,
        on_selected_change=_rerun,
    )
    edited = _of_revision(result.edited, revision)
    opened = _of_revision(result.opened, revision)
    return ModelerState(
        xml=edited.get("xml"),
        selected=result.selected or None,
        warnings=list(opened.get("warnings", [])),
    )


def _of_revision(emitted: Mapping[str, Any] | None, revision: str) -> Mapping[str, Any]:
    """Drop what the browser sent of another revision, for example just before a new one was opened."""
    return emitted if emitted and emitted["revision"] == revision else {}


def _rerun() -> None:
    """Declare a state to Streamlit: without a callback its value would be missing until first set."""
