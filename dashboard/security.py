"""Security headers of every response of the dashboard; Streamlit itself sends none.

The policy lets scripts come from this server only, and from blobs, which is how Streamlit loads inline components.
Its index page holds one inline script, allowed by the hash of its text: the hash changes with each release of
Streamlit, so it is computed from the installed page at start-up.
"""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from pathlib import Path

import streamlit
from lxml import html
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

INDEX_PAGE = Path(streamlit.__file__).parent / "static" / "index.html"


class SecurityHeaders:
    """ASGI middleware; a header that the application has set itself is left as it is.

    Args:
        app: the application to protect.
        policy: value of `Content-Security-Policy`; the default is that of the installed Streamlit.
    """

    def __init__(self, app: ASGIApp, policy: str | None = None) -> None:
        self._app = app
        self._headers = {
            "Content-Security-Policy": policy
            or content_security_policy(INDEX_PAGE.read_text(encoding="utf-8")),
            # Documents are viewed in frames beside the form, so this server may frame itself.
            "X-Frame-Options": "SAMEORIGIN",
            # Filters stand in the URL; no other site learns them.
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on; add the headers to the start of each HTTP response."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_with_headers)


def content_security_policy(page: str) -> str:
    """Return the policy under which a page runs with its own inline scripts and nothing from elsewhere.

    Styles may be inline: Streamlit, the diagrams and the charts all set them at run time. `unsafe-eval` is not
    needed, Vega included.
    """
    hashes = [f"'{source}'" for source in inline_script_hashes(page)]
    return "; ".join(
        [
            "default-src 'self'",
            " ".join(["script-src", "'self'", "blob:", *hashes]),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "worker-src 'self' blob:",
            "media-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'self'",
        ]
    )


def inline_script_hashes(page: str) -> list[str]:
    """Return the CSP source `sha256-…` of each inline script of an HTML page (CSP level 3, section 2.3.1)."""
    scripts = html.document_fromstring(page).iter("script")
    return [
        "sha256-" + b64encode(sha256((script.text or "").encode()).digest()).decode()
        for script in scripts
        if script.get("src") is None
    ]
