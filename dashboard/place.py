"""Where a viewer is: filters and selections live in the URL, so that a link shows what its sender saw (no names there)."""

from typing import TypeVar

import streamlit as st

_Choice = TypeVar("_Choice", bound=str)


def chosen(name: str, choices: tuple[_Choice, ...], default: _Choice) -> _Choice:
    """Return a filter of the URL; anything that is not a choice counts as the default."""
    value = st.query_params.get(name, default)
    return next((choice for choice in choices if choice == value), default)


def put(**values: str | None) -> None:
    """Set or, with `None`, remove entries of the URL."""
    for name, value in values.items():
        if value is None:
            st.query_params.pop(name, None)
        else:
            st.query_params[name] = value


def go(page: str, **values: str) -> None:
    """Go to another screen with entries for its URL."""
    st.switch_page(st.session_state["pages"][page], query_params=values)
