"""What may be asked for besides the calls of ``ui.calls``; what each field means is told on the OpenAPI page."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from ui import calls
from ui.calls import Line, Number

MOST_ADDRESSES = 50
"""In one request,"""
MOST_OF_A_FEED = 100
"""and articles of one feed or site map, unless the caller asks for fewer or more,"""
LIMIT = 1_000
"""which may be so many."""

Address = Annotated[str, Field(max_length=2_000, pattern=calls.WEB, examples=["https://courier.example/rss"])]


class Addresses(calls.Call):
    """Addresses of articles, feeds and site maps to take in."""

    addresses: Annotated[list[Address], Field(min_length=1, max_length=MOST_ADDRESSES)]
    limit: Annotated[int, Field(ge=1, le=LIMIT)] = Field(
        MOST_OF_A_FEED, description="Articles taken of one feed or site map at most."
    )


class Listed(calls.Period):
    """Which articles to list, in which order, and which part of them."""

    model_config = ConfigDict(strict=False)

    q: Line | None = Field(None, description="Only articles that hold all these words.")
    sort: Literal["newest", "oldest", "title", "outlet"] = "newest"
    offset: Annotated[int, Field(ge=0, le=10_000_000)] = 0
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class Revision(BaseModel):
    """Which revision of an article."""

    model_config = ConfigDict(extra="forbid")

    revision: Number | None = Field(None, description="An earlier revision; the current one, unless given.")
