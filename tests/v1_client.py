"""Three articles to ask of, and OpenAI's own client for the tests that ask them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import openai
from chat_servers import WAIT
from openai.types.chat import ChatCompletion

from rag import Archive

QUESTION = "How many ships did the strike stop?"
BOTH = "How many ships did the strike stop, and how much had the town lost?"
BRIDGE = "Who built the bridge over the Amur?"
OWLS = "How many owls does the sanctuary in Korvan house?"
ARTICLES = [
    {
        "title": "Harbour opens <again>",
        "text": "The strike had stopped 40 ships 🚢. Mayor Ada Finch said the town had lost $1.2bn.",
        "url": "https://courier.example/harbour",
    },
    {"title": "Bridge", "text": "The bridge over the Amur was built by Ivan Petrov.", "url": "javascript:alert(1)"},
    {"title": "Owls", "text": "The owl sanctuary in Korvan ![owl](http://evil.example/o.png) houses 17 owls."},
]


def user(text: object) -> dict[str, Any]:
    return {"role": "user", "content": text}


def filled(folder: Path, model: str | None) -> Archive:
    (folder / "news.jsonl").write_text("\n".join(map(json.dumps, ARTICLES)), "utf-8")
    archive = Archive.open(folder / "archive", model=model)
    archive.ingest([folder / "news.jsonl"])
    return archive


def client(address: str) -> openai.OpenAI:
    return openai.OpenAI(base_url=f"{address}v1", api_key="none", max_retries=0, timeout=WAIT)


def ask(address: str, question: str = QUESTION, **more: Any) -> ChatCompletion:
    with client(address) as asked:
        completion: ChatCompletion = asked.chat.completions.create(
            model="groundwire", messages=[user(question)], **more
        )
    return completion


def ours(completion: ChatCompletion) -> dict[str, Any]:
    told: dict[str, Any] = (completion.model_extra or {})["groundwire"]
    return told
