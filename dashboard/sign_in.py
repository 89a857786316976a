"""The sign-in page: plain HTML, outside of Streamlit, so that it works without a script and can set a cookie."""

from html import escape

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from dashboard.backend import platform
from pdflow.services.sign_in import SESSION, check_password, seal

COOKIE = "pdflow_session"

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Sign in - pdflow</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
body {{ font: 1rem/1.5 "Public Sans", system-ui, sans-serif; color: #1b1b1b; background: #f0f0f0; margin: 0 }}
main {{ max-width: 24rem; margin: 12vh auto; background: #fff; border: 1px solid #c9c9c9; padding: 2rem }}
h1 {{ font-size: 1.375rem; margin: 0 0 1rem }}
label {{ display: block; font-weight: 600; margin-top: 1rem }}
input {{ width: 100%; box-sizing: border-box; font: inherit; padding: .5rem; border: 1px solid #5c5c5c }}
button {{ font: inherit; font-weight: 700; color: #fff; background: #005ea2; border: 0; border-radius: 4px;
  padding: .75rem 1.25rem; margin-top: 1.5rem }}
.wrong {{ border-left: 4px solid #b50909; background: #f4e3db; padding: .5rem .75rem }}
</style></head>
<body><main><h1>Sign in to pdflow</h1>{note}
<form method="post" action="/sign-in">
<label for="login">User name</label><input id="login" name="login" autocomplete="username" value="{login}" required>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required>
<button type="submit">Sign in</button></form></main></body></html>"""


async def sign_in(request: Request) -> Response:
    """Show the form, or check what was typed and set the session cookie."""
    if request.method == "GET":
        return _form()
    form = await request.form(max_files=0, max_fields=8)
    login, password = str(form.get("login", "")), str(form.get("password", ""))
    user = await run_in_threadpool(_check, login, password)
    if user is None:
        return _form(login, "The user name or the password is not right. Passwords are case-sensitive.", 401)
    place = platform()
    response = RedirectResponse("/", status_code=303)
    response.set_cookie(
        COOKIE,
        seal(place.records.keys, user, place.now()),
        max_age=int(SESSION.total_seconds()),
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )
    return response


async def sign_out(request: Request) -> Response:
    """Forget the session."""
    response = RedirectResponse("/sign-in", status_code=303)
    response.delete_cookie(COOKIE)
    return response


def _check(login: str, password: str) -> str | None:
    with platform().reading() as session:
        return check_password(session, login, password)


def _form(login: str = "", sentence: str = "", status: int = 200) -> HTMLResponse:
    note = f'<p class="wrong" role="alert">{escape(sentence)}</p>' if sentence else ""
    return HTMLResponse(_PAGE.format(note=note, login=escape(login, quote=True)), status_code=status)
