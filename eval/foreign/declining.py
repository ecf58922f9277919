"""Whether a response says only that there is no answer.

The list is short on purpose: a response that tells anything besides is no refusal, and one that declines in words
not listed counts as an answer, which scores lower. Whoever wants to be sure gives ``refusal`` beside the answer.
Known are, alone or after an apology: "I don't know", "I cannot answer …", "There is no information …", "Not enough
information …", "The context does not …", "The articles do not contain the answer", "N/A", "Unanswerable".
"""

from __future__ import annotations

import re

_MOST = 3
"""Sentences of a response that only declines, at most."""
_GIVEN = r"(?:(?:provided|given|retrieved|available|above|supplied) )?"
_PASSAGES = rf"(?:the|this|that|your|these) {_GIVEN}(?:contexts?|passages?|excerpts?|documents?|snippets?)"
_NEWS = rf"(?:the|this|these) {_GIVEN}(?:articles?|sources?|texts?|information|data)"
_BEHIND = r"(?: (?:provided|given|retrieved|found|above))?"
_NOT = r"(?:does not|do not|doesn't|don't|did not|didn't)"
_ANSWERING = r"(?:an answer|the answer|answers?|(?:enough|sufficient|any|the necessary|the) information)"
_TELL = "(?:contain|provide|mention|answer|say|include|state|specify|have|address|give)"
_QUESTION = r"(?:the|this|that|your) question"
_WHERE = rf"(?: (?:in|from|with|given|based on) (?:{_PASSAGES}|{_NEWS}){_BEHIND})?"
_DECLINES = re.compile(
    rf"(?:{_PASSAGES}{_BEHIND} {_NOT} {_TELL}\b[^,;:]*"
    rf"|{_NEWS}{_BEHIND} {_NOT} (?:contain|provide|include|have|give|offer) {_ANSWERING}\b[^,;:]*"
    rf"|{_NEWS}{_BEHIND} {_NOT} answer {_QUESTION}"
    rf"|i (?:do not|don't) know(?: the answer)?(?: to {_QUESTION})?"
    rf"|i (?:cannot|can't|can not|could not|couldn't|am unable to|'m unable to|am not able to)"
    rf" (?:answer(?: (?:{_QUESTION}|it|that|this))?|find (?:it|that|this|{_ANSWERING}))(?: to {_QUESTION})?{_WHERE}"
    r"|(?:there is )?(?:no|not enough|insufficient|not sufficient) information"
    r"(?: (?:available|given|provided|found))?"
    rf"(?: (?:is|was) (?:available|given|provided|found))?(?: (?:about|on|regarding|to answer)\b[^,;:]*)?{_WHERE}"
    rf"|there is no answer(?: to {_QUESTION})?{_WHERE}|no answer(?: (?:found|available))?|n/?a|unanswerable)",
)
_APOLOGY = re.compile(r"^(?:i'm sorry|i am sorry|sorry|unfortunately|i apologi[sz]e)\b[,:]?\s*(?:but\s+)?")
_BASED = re.compile(
    rf"^(?:based on|according to) {_PASSAGES}{_BEHIND},?\s*|^(?:based on|according to) {_NEWS}{_BEHIND},?\s*"
)
_TURNS = re.compile(r"\b(?:but|however|although|though|except|other than|only|instead|because|since|as)\b|[;—–]")
"""Words after which something is told all the same."""
_MARKERS = re.compile(r"\s*\[\d+(?:\s*[,-]\s*\d+)*\]")


def declines(response: str) -> bool:
    """Whether each sentence of the response says that there is no answer, and nothing else."""
    plain = _MARKERS.sub("", response).replace("’", "'").replace("*", "").lower().strip(' \n\t"')
    sentences = [part.strip() for part in re.split(r"[.!](?:\s+|$)|\n+", plain) if part.strip()]
    return 0 < len(sentences) <= _MOST and all(map(_is_one, sentences)) and any(map(_declines, sentences))


def _is_one(sentence: str) -> bool:
    return _declines(sentence) or not _without_apology(sentence)


def _declines(sentence: str) -> bool:
    said = _BASED.sub("", _without_apology(sentence))
    return _DECLINES.fullmatch(said) is not None and not _TURNS.search(said)


def _without_apology(sentence: str) -> str:
    return _APOLOGY.sub("", sentence)
