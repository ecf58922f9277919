"""Sentences that give orders to a program instead of telling news: never evidence, whatever they promise."""

from __future__ import annotations

import re

_ORDERS = re.compile(
    r"\b(?:ignore|disregard|forget|override)\b.{0,40}\b(?:previous|prior|above|earlier|all|your|the)\b.{0,30}"
    r"\b(?:instructions?|prompts?|rules|directions|guidelines)\b"
    r"|\b(?:note|message|attention|instructions?)\b.{0,20}\b(?:to|for)\b.{0,20}"
    r"\b(?:AIs?|A\.I\.|artificial intelligence|language models?|LLMs?|chat ?bots?|assistants?|crawlers?)\b"
    r"|\b(?:AI|language model|LLM|chat ?bot) (?:programs?|models?|systems?|assistants?|agents?|readers?)\b.{0,30}"
    r"\b(?:must|should|shall|are to|have to) (?:answer|say|reply|respond|write|state|output|ignore|tell)\b"
    r"|\b(?:system|developer) (?:prompt|message)\s*:|\byou are (?:now )?(?:an? )?(?:AI|language model|chat ?bot)\b"
    r"|\b(?:reveal|print|repeat|output)\b.{0,20}\b(?:your|the) (?:system )?(?:prompt|instructions)\b",
    re.IGNORECASE,
)
_REPORTED = re.compile(r"[“”\"„«»]")


def gives_orders(sentence: str) -> bool:
    """Whether a sentence speaks to a program. Such words inside quotation marks are a report of them, and are news."""
    unquoted = "".join(_REPORTED.split(sentence)[::2])
    return _ORDERS.search(unquoted) is not None
