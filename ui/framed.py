"""The reports of kept runs as pages of their own, for a frame of the page or alone: ``GET /evaluations/NAME``."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from rag.errors import GroundwireError

Document = Callable[..., str]
"""Gives a run's report as HTML, or its comparison with another where that is named too."""
ROOT = "/evaluations/"
