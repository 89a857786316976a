"""What a person sees when a screen fails: a sentence, a reference for the operator, and nothing of the inside."""

import secrets

import streamlit as st
import structlog

from pdflow.services.errors import ServiceError

_log = structlog.get_logger("dashboard")


def report(error: Exception) -> bool:
    """Show a refusal as its sentence, anything else as a reference that the log has too.

    Returns:
        `True`: Streamlit shows nothing of its own.
    """
    if isinstance(error, ServiceError):
        st.error(str(error), icon=":material/block:")
        return True
    reference = secrets.token_hex(4)
    # The type and the place, never the message: it may quote what somebody typed.
    place = error.__traceback__
    while place and place.tb_next:
        place = place.tb_next
    where = f"{place.tb_frame.f_code.co_filename}:{place.tb_lineno}" if place else ""
    _log.error("screen failed", reference=reference, error=type(error).__name__, where=where)
    st.error(
        f"This page could not be shown (reference {reference}). What you had saved is kept. Reload the page; "
        "if it happens again, give the reference to your operator.",
        icon=":material/error:",
    )
    return True
