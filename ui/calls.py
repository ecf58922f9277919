"""What other programs may ask of an archive, however they reach it: four calls, checked and answered."""

from __future__ import annotations

import json
import logging
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from rag.archive import DEFAULT_K
from rag.errors import ArchiveBusy, ArchiveError, GroundwireError, Stopped, UsageError
from rag.options import LONGEST_QUESTION
from rag.records import Answer, Article, Hit, Turn
from rag.stopping import Stop
from rag.stream import AnswerStream, Done
from rag.summary import ON_A_QUERY, Style, Summary, Watch

if TYPE_CHECKING:
    from rag import Archive

MOST_PASSAGES = 200
MOST_ARTICLES = 1_000
AGAIN = 5
"""Seconds after which a busy archive may be tried again."""
NO_NUL = r"^[^\u0000]*$"
WEB = r"^[Hh][Tt][Tt][Pp][Ss]?://[^\s\u0000]+$"
"""Anything else would be taken for a path on the server's own disk."""
_LONGEST_SHOWN = 60
"""Characters of a caller's value that are told."""
_log = logging.getLogger("groundwire")

Line = Annotated[str, Field(max_length=500, pattern=NO_NUL)]
Words = Annotated[str, Field(max_length=LONGEST_QUESTION, pattern=NO_NUL)]
Id = Annotated[str, Field(min_length=1, max_length=80, pattern=NO_NUL, examples=["kim-plant-visit"])]
When = Annotated[str, Field(max_length=40, pattern=NO_NUL, examples=["2023-09-15"])]
Number = Annotated[int, Field(ge=1, le=1_000_000)]


class Misread(UsageError):
    """An option is missing, unknown or of a wrong type; ``option`` is its name, where there is such."""

    def __init__(self, line: str, option: str | None) -> None:
        super().__init__(line)
        self.option = option


class Call(BaseModel):
    """One call's options. An unknown one is refused, or a misspelt limit would silently not limit."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    @classmethod
    def read(cls, told: Mapping[str, Any], *, strict: bool = False) -> Self:
        """The options that a caller told, ``null`` being the same as nothing; "5" is 5 unless it is ``strict``.

        Raises:
            Misread: one is missing, unknown or of a wrong type; the line names the first.
        """
        given = {name: value for name, value in told.items() if value is not None}
        try:
            return cls.model_validate(_whole(given), strict=strict)
        except ValidationError as error:
            first = error.errors()[0]
            option = first["loc"][0] if first["loc"][0] in cls.model_fields else None
            raise Misread(fault(first, cls.names()), None if option is None else str(option)) from error

    @classmethod
    def names(cls) -> list[str]:
        """The options by name: those of its own, then those that others have too."""
        own = [name for name in cls.model_fields if name in cls.__annotations__]
        return [*own, *(name for name in cls.model_fields if name not in own)]

    def chosen(self, *but: str) -> dict[str, Any]:
        """The options that were given, without those named, as the library takes them."""
        told = {name: getattr(self, name) for name in self.model_fields_set if name not in but}
        return {name: value for name, value in told.items() if value is not None}


class Period(Call):
    """Which articles, by what is known of them."""

    since: When | None = Field(None, description="Only articles published on or after this day or moment.")
    until: When | None = Field(None, description="Only articles published on or before it.")
    source: Line | None = Field(None, description="Only articles of this outlet, in any case of letters.")
    language: Line | None = Field(None, description="Only articles in this language: en, de, fr and so on.")


class Limited(Period):
    """What may be searched."""

    article: Id | Annotated[list[Id], Field(min_length=1, max_length=MOST_ARTICLES)] | None = Field(
        None, description="Only this article, or these, by id."
    )


class Asking(Limited):
    """How a question is asked."""

    as_of: When | None = Field(
        None, description="The day from which 'last week' is counted; what was published later is not searched."
    )
    k: Annotated[int, Field(ge=1, le=MOST_PASSAGES)] = Field(DEFAULT_K, description="Passages to find.")
    deep: bool = Field(False, description="Look up each part of the question; set outlets and days side by side.")
    repair: bool = Field(True, description="Give what was set aside back to the model once.")
    fallback: Literal["extractive"] | None = Field(
        None, description="Answer with the articles' own sentences where the model's server does not answer."
    )


class Said(Call):
    """A question that was asked before, and its answer."""

    question: Annotated[str, Field(max_length=20_000, pattern=NO_NUL)]
    answer: Annotated[str, Field(max_length=20_000, pattern=NO_NUL)]


class Ask(Asking):
    """A question, what was said before, and what may be searched."""

    question: Words = Field(description="The question, in plain words. It may say 'last week'; see as_of.")
    history: Annotated[list[Said], Field(max_length=50)] | None = Field(
        None, description="What was said before, the first turn first: a follow-up is understood by it."
    )


class Search(Limited):
    """What to look for, and where."""

    query: Words = Field(description="What the passages are to be about.")
    k: Annotated[int, Field(ge=1, le=MOST_PASSAGES)] = Field(DEFAULT_K, description="Passages to find.")


class Summarize(Limited):
    """What to summarise: articles by id, about a query, of a story, or all that the limits admit; and how."""

    ids: Id | Annotated[list[Id], Field(max_length=MOST_ARTICLES)] | None = Field(
        None, description="These articles. Give ids, a query or a story, not several."
    )
    query: Words | None = Field(None, description="The articles that fit this; it may say 'last week'.")
    story: Id | None = Field(None, description="All articles of the running story that this one tells.")
    style: Style = Field(
        "paragraph",
        description="paragraph, bullets, headline, timeline (by day), digest (by story) or differences.",
    )
    sentences: Annotated[int, Field(ge=1, le=1_000)] | None = Field(None, description="Length in sentences.")
    words: Annotated[int, Field(ge=1, le=20_000)] | None = Field(
        None, description="Length in words, kept within a tenth."
    )
    as_of: When | None = Field(None, description="What was published later is not read. Now, if left out.")
    k: Annotated[int, Field(ge=1, le=MOST_ARTICLES)] = Field(
        ON_A_QUERY, description="Articles about a query to read at most."
    )
    repair: bool = Field(True, description="Give what was set aside back to the model once.")


class Open(Call):
    """An article to be read."""

    id: Id = Field(description="The article's id, as citations, hits and refusals name it.")
    revision: Number | None = Field(None, description="The revision cited; the current one, if left out.")


def ask(archive: Archive, call: Ask, *, model: str | None = None, stop: Stop | None = None) -> Answer:
    """``Archive.ask``, which may be stopped from another thread; that stops the model.

    Raises:
        Stopped: it was stopped.
        GroundwireError: as ``Archive.ask``.
    """
    stream = ask_stream(archive, call, model=model, repair=True)
    with (stop or Stop()).closing(stream.close):
        for event in stream:
            if isinstance(event, Done):
                return event.answer
    raise Stopped("The answer was stopped.")


def ask_stream(archive: Archive, call: Ask, *, model: str | None = None, repair: bool = False) -> AnswerStream:
    """``Archive.ask_stream``; raises as it does. ``repair`` holds where the call itself does not say."""
    history = [Turn(said.question, said.answer) for said in call.history or ()]
    options = {"repair": repair} | call.chosen("question", "history")
    return archive.ask_stream(call.question, history=history, model=model, **options)


def search(archive: Archive, call: Search) -> list[Hit]:
    """``Archive.search``; raises as it does."""
    return archive.search(call.query, **call.chosen("query"))


def summarize(
    archive: Archive,
    call: Summarize,
    *,
    model: str | None = None,
    stop: Stop | None = None,
    watch: Watch | None = None,
) -> Summary:
    """``Archive.summarize``, which may be stopped from another thread: it then ends at a model's next reply.

    Raises:
        Stopped: it was stopped.
        GroundwireError: as ``Archive.summarize``.
    """
    wanted = stop or Stop()

    def watching(progress: Any) -> None:
        wanted.check()
        if watch:
            watch(progress)

    ids = [call.ids] if isinstance(call.ids, str) else call.ids or ()
    return archive.summarize(ids, model=model, progress=watching, **call.chosen("ids"))


def article(archive: Archive, call: Open) -> Article:
    """``Archive.article``; raises as it does."""
    return archive.article(call.id, call.revision)


def line(error: GroundwireError) -> str:
    """An error as it is told to whoever calls: what names a folder of this machine is for those who run it."""
    if not isinstance(error, ArchiveError):
        return str(error)
    _log.error("%s", error)
    if isinstance(error, ArchiveBusy):
        return f"Another program is writing to the archive. Try again in {AGAIN} s."
    return "The archive cannot be read or written. Whoever runs this server finds the reason in its log."


def fault(first: Any, known: Collection[str]) -> str:
    """What pydantic found wrong, as one line that holds no value of the caller's but a name or address, cut short."""
    # Of several types that a value may have, the names of the types stand among the names of the options.
    name = ".".join(_places(first["loc"]))
    match first["type"]:
        case "extra_forbidden":
            return f"There is no option {_cut(name)!r}. Options are {', '.join(known)}."
        case "missing" if name:
            return f"'{name}' is missing." + (f" Options are {', '.join(known)}." if name in known else "")
        case "string_pattern_mismatch" if first["ctx"]["pattern"] == WEB:
            return _no_address(first["input"])
        case "string_pattern_mismatch":
            return f"{name}: It holds the character U+0000. Leave it out."
        case "string_unicode":
            return f"{name or 'A name of an option'}: It holds half a surrogate pair, which is no character."
    return f"{name}: {first['msg']}."


def _no_address(text: str) -> str:
    why = "must begin with http:// or https://"
    if text.lower().startswith(("http://", "https://")):
        why = "must go on with a host's name, and hold no space"
    return f"Address {_cut(text)!r} is none: it {why}."


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_SHOWN else f"{text[: _LONGEST_SHOWN - 1]}…"


def _places(loc: Sequence[str | int]) -> list[str]:
    return [str(part) for part in loc if not str(part).startswith(("list[", "constrained-"))]


def _whole(told: Mapping[str, Any]) -> Any:
    """The same without lone surrogates: JSON can write half a character, and nothing else can hold it."""
    return json.loads(json.dumps(told, ensure_ascii=False).encode("utf-8", "replace"))
