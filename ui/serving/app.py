"""The page and what other programs are answered, as one application behind the shell."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from typing import TYPE_CHECKING

from ui.admission import Admission
from ui.http import framed, histories
from ui.http.api import manual
from ui.http.api import routes as api
from ui.http.assistants import mcp
from ui.http.completions import routes as completions
from ui.kept.conversations import Conversations
from ui.kept.summaries import KeptSummaries
from ui.page.chat import Chat
from ui.page.evaluations import Evaluations
from ui.page.layout import build_page, mount_page
from ui.page.summaries import Summaries
from ui.serving import login
from ui.serving.access import Access
from ui.serving.gate import Gate
from ui.serving.origins import Names
from ui.serving.shell import Shell

if TYPE_CHECKING:
    from rag import Archive

DEFAULT_PORT = 7860


def build_app(
    archive: Archive,
    *,
    host: str = "127.0.0.1",
    port: int = DEFAULT_PORT,
    model: str | None = None,
    questions: Sequence[str] = (),
    evaluations: Evaluations | None = None,
    access: Access | None = None,
) -> Shell:
    """The application on an archive; which model answers is said here, and never by who asks."""
    from fastapi import FastAPI
    from starlette.staticfiles import StaticFiles

    access = access or Access()
    gate = Gate(access, port=port)
    evaluations = evaluations or Evaluations(archive, model=model)
    admission = Admission()
    chat = Chat(archive, Conversations(archive.folder), admission, model=model, questions=tuple(questions))
    summaries = Summaries(archive, KeptSummaries(archive.folder), admission, model=model)
    page = build_page(chat, summaries, evaluations)
    assistants = mcp.Endpoint(archive, admission=admission, model=model)
    app = FastAPI(title="Groundwire", docs_url=None, redoc_url=None, openapi_url=None, lifespan=assistants.lifespan)
    known = gate.knows if access.demanded else api.anyone
    programs = api.router(archive, admission=admission, known=known, model=model)
    app.include_router(programs)
    app.router.routes += [*manual.routes(programs), *framed.routes(evaluations), *login.routes(gate)]
    app.router.routes += completions.routes(archive, admission=admission, model=model)
    app.router.routes += [*assistants.routes(), *histories.routes(chat.conversations)]
    app.mount("/page", StaticFiles(directory=str(files("ui").joinpath("static"))))
    ends = (chat.end, summaries.end, evaluations.end)
    return Shell(mount_page(app, page, port=port), names=Names.of(host, access), gate=gate, ends=ends)
