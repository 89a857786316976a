"""The dashboard as one ASGI application: the Streamlit script, the bundles at `/assets`, sign-in and health.

Started by `streamlit run dashboard/app.py`; the supervisor of `pdflow up` does that.
"""

from pathlib import Path

# Streamlit imports these two lazily in the thread of a session; two first sessions at once would meet half a module.
import altair  # noqa: F401
import pandas  # noqa: F401
import streamlit as st
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from dashboard.components.assets import BUNDLES
from dashboard.failures import report
from dashboard.security import SecurityHeaders
from dashboard.sign_in import sign_in, sign_out
from pdflow.services import log
from pdflow.services.settings import Settings

log.configure(Settings().log_level)


def healthz(request: Request) -> Response:
    """Say that the process answers; the supervisor asks."""
    return JSONResponse({"status": "ok"})


app = st.App(
    Path(__file__).with_name("main.py"),
    routes=[
        Route("/healthz", healthz),
        Route("/sign-in", sign_in, methods=["GET", "POST"]),
        Route("/sign-out", sign_out, methods=["POST", "GET"]),
        Mount("/assets", StaticFiles(directory=BUNDLES)),
    ],
    middleware=[Middleware(SecurityHeaders)],
    on_script_error=report,
)
