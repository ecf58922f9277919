"""The log-in page, and the one that a link from elsewhere opens first: whole documents."""

from __future__ import annotations

from ui.html.markup import escape

_DOCUMENT = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="same-origin">
{head}<title>{title}</title>
<link rel="stylesheet" href="/page/paper.css">
<link rel="stylesheet" href="/page/page.css">
<link rel="stylesheet" href="/page/login.css">
</head>
<body class="login">
<main>
<h1>Groundwire</h1>
{main}
</main>
</body>
</html>
"""


def login_page(asked_for: str, *, onward: str, said: str | None = None) -> str:
    """A form that asks for the ``password`` or ``token``, and then goes on; ``said`` is why it is shown again."""
    name = escape(asked_for.capitalize())
    message = f'<p id="said" role="alert">{escape(said)}</p>' if said else ""
    described = ' aria-describedby="said"' if said else ""
    main = (
        f"<p>Log in to read the archive.</p>{message}"
        f'<form method="post" action="/login"><input type="hidden" name="next" value="{escape(onward)}">'
        f'<label for="secret">{name}</label>'
        '<input id="secret" name="secret" type="password" autocomplete="current-password" required autofocus'
        f"{described}>"
        "<button>Log in</button></form>"
    )
    return _DOCUMENT.format(head="", title="Log in · Groundwire", main=main)


def arrival_page() -> str:
    """Opens the same address again, as a request of this page's own, with which the browser sends the cookies."""
    head = '<script src="/page/arrive.js"></script>\n'
    main = '<p>Opening the archive…</p><p><a href="">Go on</a></p>'
    return _DOCUMENT.format(head=head, title="Groundwire", main=main)
