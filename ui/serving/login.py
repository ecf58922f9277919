"""Logging in and out: ``GET`` and ``POST /login``, ``POST /logout``. Needs no script in the browser."""

from __future__ import annotations

from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from ui.html.login import login_page
from ui.readers import address_of
from ui.serving.gate import LOG_IN, Gate
from ui.serving.sessions import LONGEST

_MOST_FIELDS = 10


def routes(gate: Gate) -> list[Route]:
    """The log-in page of a server; one that demands nothing sends all who come to it on to the page."""

    async def log_in(request: Request) -> Response:
        form = await _form(request) if request.method == "POST" else {}
        onward = _onward(form.get("next") or request.query_params.get("next", ""))
        if not gate.access.demanded:
            return _to(onward)
        if request.method == "POST":
            return _checked(gate, request, form.get("secret", ""), onward)
        if gate.knows(request):
            return _to(onward)
        return _page(gate, onward, said=_why(request))

    async def log_out(request: Request) -> Response:
        if request.method != "POST":
            return _to("/")
        gate.sessions.end(request.cookies.get(gate.cookie, ""))
        response = _to(f"{LOG_IN}?left")
        response.delete_cookie(gate.cookie, path="/", httponly=True, samesite="strict")
        # What the browser kept of the pages is not for who uses it next.
        response.headers["Clear-Site-Data"] = '"cache"'
        return response

    return [Route(LOG_IN, log_in, methods=["GET", "POST"]), Route("/logout", log_out, methods=["GET", "POST"])]


def _checked(gate: Gate, request: Request, told: str, onward: str) -> Response:
    address = address_of(request)
    if wait := gate.tries.wait(address):
        said = f"Too many tries. Wait {wait} s."
        return _page(gate, onward, said=said, status=429, headers={"Retry-After": str(wait)})
    if not gate.access.lets_in(told):
        gate.tries.wrong(address)
        return _page(gate, onward, said=f"That is not the {gate.access.asked_for}.", status=403)
    gate.tries.right(address)
    gate.sessions.end(request.cookies.get(gate.cookie, ""))
    response = _to(onward)
    response.set_cookie(
        gate.cookie,
        gate.sessions.begin(),
        max_age=LONGEST,
        path="/",
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )
    return response


def _page(
    gate: Gate, onward: str, *, said: str | None, status: int = 200, headers: dict[str, str] | None = None
) -> Response:
    page = login_page(gate.access.asked_for, onward=onward, said=said)
    return HTMLResponse(page, status_code=status, headers={**(headers or {}), "Cache-Control": "no-store"})


def _to(path: str) -> Response:
    return RedirectResponse(path, status_code=303)


def _why(request: Request) -> str | None:
    if "expired" in request.query_params:
        return "Your session has expired. Log in again."
    return "You are logged out." if "left" in request.query_params else None


def _onward(path: str) -> str:
    """Where to go on to: a path of this server, else the page; ``//evil`` and ``/\\evil`` are other servers."""
    safe = path.startswith("/") and path[1:2] not in ("/", "\\") and path.isascii() and path.isprintable()
    return path if safe and not path.startswith((LOG_IN, "/logout")) else "/"


async def _form(request: Request) -> dict[str, str]:
    try:
        fields = parse_qs((await request.body()).decode("utf-8"), max_num_fields=_MOST_FIELDS)
    except ValueError:
        return {}
    return {name: values[-1] for name, values in fields.items()}
