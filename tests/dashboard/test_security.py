from __future__ import annotations

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket

from dashboard.security import INDEX_PAGE, SecurityHeaders, content_security_policy, inline_script_hashes

PAGE = '<html><head><script>alert(1)</script><script src="a.js"></script></head></html>'
ALERT_1 = "sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI="


async def _plain(_: Request) -> PlainTextResponse:
    return PlainTextResponse("ok")


async def _own_policy(_: Request) -> PlainTextResponse:
    return PlainTextResponse("ok", headers={"Content-Security-Policy": "default-src 'none'"})


async def _echo(socket: WebSocket) -> None:
    await socket.accept()
    await socket.send_text("hello")
    await socket.close()


def _client() -> TestClient:
    routes = [Route("/", _plain), Route("/own", _own_policy), WebSocketRoute("/stream", _echo)]
    return TestClient(SecurityHeaders(Starlette(routes=routes)))


def test_every_response_carries_the_headers() -> None:
    for path, status in (("/", 200), ("/missing", 404)):
        response = _client().get(path)
        assert response.status_code == status
        assert response.headers["X-Frame-Options"] == "SAMEORIGIN"
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'self'" in response.headers["Content-Security-Policy"]


def test_a_stricter_policy_of_a_route_is_kept() -> None:
    assert _client().get("/own").headers["Content-Security-Policy"] == "default-src 'none'"


def test_websockets_pass_through() -> None:
    with _client().websocket_connect("/stream") as socket:
        assert socket.receive_text() == "hello"


def test_only_the_inline_scripts_of_the_page_are_hashed() -> None:
    assert inline_script_hashes(PAGE) == [ALERT_1]


def test_the_policy_allows_the_script_of_the_installed_streamlit_and_no_arbitrary_code() -> None:
    page = INDEX_PAGE.read_text(encoding="utf-8")
    policy = content_security_policy(page)
    directives = dict(directive.split(" ", 1) for directive in policy.split("; "))
    assert len(inline_script_hashes(page)) == 1
    assert inline_script_hashes(page)[0] in directives["script-src"]
    assert "unsafe" not in directives["script-src"]
    assert "http" not in policy
    assert "*" not in policy
