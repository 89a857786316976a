"""Sends half-written text to the server every few seconds, so that a killed browser loses at most as much.

Streamlit sends a text field only when it is left or Ctrl+Enter is pressed. This component presses Ctrl+Enter in the
field that has the focus whenever its text has changed; focus and caret stay where they are.
"""

import streamlit as st

#: Milliseconds between two looks.
EVERY = 4000

_component = st.components.v2.component(
    "pdflow_autosave",
    html='<span class="pd-autosave" hidden></span>',
    js="""
let timer;
const sent = new WeakMap();

function commit() {
  const field = document.activeElement;
  const writes = field && (field.tagName === "TEXTAREA" || (field.tagName === "INPUT" && field.type === "text"));
  if (!writes || field.getAttribute("role") === "combobox") return;
  const before = sent.get(field);
  sent.set(field, field.value);
  if (before === undefined && field.value === "") return;
  if (before === field.value) return;
  field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", code: "Enter", ctrlKey: true, bubbles: true }));
}

export default function () {
  clearInterval(timer);
  timer = setInterval(commit, EVERY);
  return () => clearInterval(timer);
}
""".replace("EVERY", str(EVERY)),
    isolate_styles=False,
)


def autosave(key: str) -> None:
    """Put the component on a page; one a page is enough."""
    _component(key=key)
