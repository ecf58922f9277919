"""Sentences of a model that state nothing about the news: orders, questions, words to the reader, web addresses.

They are no statements of an answer, not even where an article has them word for word.
"""

from __future__ import annotations

import re
from functools import cache

from rag.orders import gives_orders, is_imperative, unquoted
from rag.records import Problem
from rag.words import words
from rag.written import prompts

_RUN = 5
"""Words in a row that no news has in common with a prompt."""

_ADDRESS = re.compile(
    r"\b(?:https?|ftp)\s?:\s?//\S+|\bwww\.\S+|[\w.+-]+\s?(?:@|\[at\]|\(at\))\s?[\w-]+(?:\.|\s?\[dot\]\s?|\s?\(dot\)\s?)\w+\S*"
    r"|\b[\w-]+\[\.\]\w+"
    r"|(?<![\w@.])[a-z0-9][a-z0-9-]*(?:\.[a-z0-9-]+)*\.(?:com|org|net|info|biz|io|co|xyz|app|dev|ru|cn|tk|ly|me|site|online"
    r"|shop|link|click|top|example|test|gov|edu)\b(?:/\S*)?"
    r"|\b\w+(?:\.\w+)*\.(?:com|org|net|io|xyz|example)/\S+",
    re.ASCII,
)
"""Of the web or of mail; "Booking.com" is the name of a firm."""
_MARKUP = re.compile(
    r"</?[a-z!][^<>]{0,200}>|<[a-z]+\s|!?\[[^\]]*\]\(|&lt;|&#\w+;|\{\{|\$\{|\bon(?:error|load|click)\s*=",
    re.IGNORECASE,
)
_TO_READER = re.compile(
    r"\b(?:you (?:won['’]t|will not|wouldn['’]t|will never) believe|in the comments|comments? (?:section|below)"
    r"|(?:your|my) (?:thoughts|opinions?|views|feedback|support|suggestions|questions?|friends|journey|next)"
    r"|(?:at|on|via|under|behind) (?:this|the following|our) (?:page|link|site|website|address)"
    r"|(?:read|see) more (?:at|on|here)"
    r"|leave a comment|thank(?:s| you) for|feel free|don['’]t (?:miss|forget|hesitate)|stay tuned"
    r"|(?:reach out to|contact|follow|join) us|our (?:newsletter|(?:community )?forum|channel|website|page|readers?)"
    r"|let (?:us|me) know|we['’](?:d|ll) (?:love|like|be)|if you have|as (?:an|your) (?:ai|assistant|language model)"
    r"|i(?: am|['’]m) (?:an? |sorry|unable|happy|here)|i (?:cannot|can['’]t|will now|have been|was told|must)"
    r"|my (?:instructions?|rules|prompt|system|training|guidelines)|(?:system|hidden|secret) prompt"
    r"|here(?: is|['’]s| are) (?:the|a|an|your|my|some)|(?:sure|certainly|of course|okay)[,!]"
    r"|dear (?:reader|user|principal|sir|madam)|one weird trick|click(?:ing)? (?:here|the|on|below))\b"
    r"|^\W*(?:sure|certainly|of course|okay|hello|hi|ahoy|greetings|great news|warning|note|attention)\s*[,!:]",
    re.IGNORECASE,
)
_FEWEST = 2
"""Words of a sentence; a script without blanks has one for each letter or two."""
_BROKEN_OFF = re.compile(
    r"\b(?:and|or|but|the|an?)(?: (?:from|to|of|in|for|with))?\W*$|^\s*[)\]}.,;:]|:\s*$", re.IGNORECASE
)
_ASKS = re.compile(r"[?？؟][\s\"”’')\]]*$")


def states_nothing(sentence: str) -> Problem | None:
    """Why a sentence of an answer is no statement, whatever it cites; ``None`` where it is one."""
    spoken = unquoted(sentence)
    if len(words(sentence)) < _FEWEST or _BROKEN_OFF.search(sentence):
        return _problem(sentence, "It is no whole sentence.")
    if address := _ADDRESS.search(sentence):
        return _problem(address[0], "It gives an address to follow, which no answer does.")
    if markup := _MARKUP.search(sentence):
        return _problem(markup[0], "It holds markup or code, where a statement is wanted.")
    if asks(sentence):
        return _problem(sentence, "It asks something, where a statement is wanted.")
    if gives_orders(sentence) or is_imperative(sentence.strip('“”"„«» ')):
        return _problem(sentence, "It tells somebody to do something, where a statement is wanted.")
    if told := _runs(sentence) & _prompted():
        return _problem(min(told), "It repeats what the model was told to do.")
    if aside := _TO_READER.search(spoken):
        return _problem(aside[0], "It speaks to the reader, where a statement is wanted.")
    return None


def asks(sentence: str) -> bool:
    """Whether a sentence is a question, and not a report of one."""
    return _ASKS.search(unquoted(sentence)) is not None


@cache
def _prompted() -> frozenset[str]:
    """Runs of words of our own prompts."""
    return frozenset[str]().union(*map(_runs, prompts.SYSTEM))


def _runs(text: str) -> frozenset[str]:
    spoken = words(text)
    return frozenset(" ".join(spoken[at : at + _RUN]) for at in range(len(spoken) - _RUN + 1))


def _problem(words: str, message: str) -> Problem:
    return Problem("wording", words, message)
