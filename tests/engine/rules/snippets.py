"""Tiny models: the inside of a process, or of the definitions where the snippet shows a process itself."""

from __future__ import annotations

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
ZEEBE = "http://camunda.org/schema/zeebe/1.0"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
_ROOTS = (
    "<process",
    "<collaboration",
    "<message ",
    "<error",
    "<signal",
    "<escalation",
    "<global",
    "<definitions",
)


def model(snippet: str, attributes: str = "") -> bytes:
    body = snippet.strip()
    if not body.startswith(_ROOTS):
        body = f'<process id="p" isExecutable="true">{body}</process>'
    head = f'xmlns="{BPMN}" xmlns:zeebe="{ZEEBE}" xmlns:xsi="{XSI}" id="defs" targetNamespace="http://example.org"'
    return f"<definitions {head} {attributes}>{body}</definitions>".encode()
