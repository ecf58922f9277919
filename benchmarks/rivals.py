"""What others would tell of an article: its first sentences, and those that sumy's LexRank and TextRank rank first.

sumy reads the sentences that we read, with its own English stemmer and stop words; nothing is downloaded for it.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

Ranking = Callable[[Sequence[str]], list[int]]
"""The places of an article's sentences, the one to be told first ahead."""
OVER = 1.1
"""How much longer than asked a summary may be."""
_WORD = re.compile(r"[^\W\d_][\w'’-]*")


class _Words:
    """Tokenizes for sumy, whose own tokenizer needs data that nltk downloads."""

    def to_words(self, sentence: str) -> tuple[str, ...]:
        return tuple(_WORD.findall(sentence))


def rivals() -> dict[str, Ranking]:
    """Each rival's ranking by its name; ends the program where sumy is missing."""
    try:
        from sumy.nlp.stemmers import Stemmer
        from sumy.summarizers.lex_rank import LexRankSummarizer
        from sumy.summarizers.text_rank import TextRankSummarizer
        from sumy.utils import get_stop_words
    except ImportError:
        sys.exit("The rivals come from sumy, which is not installed: pip install sumy")
    lexrank, textrank = LexRankSummarizer(Stemmer("english")), TextRankSummarizer(Stemmer("english"))
    lexrank.stop_words = textrank.stop_words = get_stop_words("english")
    return {"lead": _in_order, "LexRank": partial(_ranked, lexrank), "TextRank": partial(_ranked, textrank)}


def told(sentences: Sequence[str], ranking: Ranking, words: int) -> list[str]:
    """The sentences told in so many words, in the article's order: each in its rank, where it fits within a tenth."""
    taken: list[int] = []
    length = 0
    for place in ranking(sentences):
        size = len(sentences[place].split())
        if not taken or (length < words and length + size <= OVER * words):
            taken.append(place)
            length += size
    return [sentences[place] for place in sorted(taken)]


def _in_order(sentences: Sequence[str]) -> list[int]:
    return list(range(len(sentences)))


def _ranked(summarizer: Any, sentences: Sequence[str]) -> list[int]:
    from sumy.models.dom import ObjectDocumentModel, Paragraph, Sentence

    places: list[int] = []

    def keep(infos: Sequence[Any]) -> Sequence[Any]:
        places.extend(info.order for info in infos)
        return infos

    document = ObjectDocumentModel([Paragraph([Sentence(one, _Words()) for one in sentences])])
    summarizer(document, keep)
    return places
