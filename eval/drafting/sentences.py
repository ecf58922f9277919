"""Which sentences of an article questions can be drafted from: plain statements that stand alone."""

from __future__ import annotations

import re
from collections.abc import Iterator

from eval.drafting.asked import Bearer
from rag import passages
from rag.alone import link, stands_alone
from rag.claims import names, quotations
from rag.orders import gives_orders
from rag.records import Article
from rag.written.stating import states_nothing

WORDS = range(7, 34)
"""Words of a sentence."""
_PLAIN = re.compile(r"(?:(?! - )[^\n()\[\]{}|…•*/\\“”\"«»–—?!:;])+\.")
"""Without a dateline, an aside or a quotation."""
_UNNAMED = re.compile(
    r"(?:The|That|Such|Both|These|Its|His|Her|Their|My|Our) (?:\w+ )?"
    r"(?:company|firm|group|agency|bill|report|study|survey|poll|law|move|deal|plan|man|woman|men|women|suspects?|victims?"
    r"|officers?|couple|pair|two|three|team|club|court|judge|jury|ministry|department|government|president|minister|mayor"
    r"|governor|actor|actress|singer|star|player|coach|film|movie|series|show|song|album|game|match|event|site|project"
    r"|program|programme|policy|measure|order|case|trial|lawsuit|suit|complaint|letter|document|statement|article|author"
    r"|researchers?|scientists?|authors?|results?|findings?|figures?|numbers?|data|news|change|update|device|phone|model"
    r"|vehicle|car|plane|aircraft|ship|boat|building|house|store|school|university|hospital|bank|store|restaurant|family"
    r"|child|boy|girl|baby|dog|animal|storm|fire|blaze|crash|attack|shooting|incident|accident|operation|mission|vote"
    r"|ruling|decision|agreement|proposal|offer|price|cost)"
    r"(?: (?:has|had|is|was|were|are|will|also|said|\w+ed)\b)"
)
"""Who or what that is, only the sentences before can tell."""
_SPEAKS = re.compile(r"\b(?:I|we|us|our|you|your|my|me)\b", re.IGNORECASE)
_CHATTY = re.compile(
    r"\b(?:here|click|photo|image|video|podcast|newsletter|subscribe|updated|advertisement|story)\b", re.I
)
_SHORTEST = 200
"""Characters of an article."""


def bearers(article: Article) -> Iterator[Bearer]:
    """The sentences of an English article that may bear a question, in order."""
    if article.stub or article.language not in (None, "en") or len(article.text) < _SHORTEST:
        return
    for span in passages.sentences(article.text, article.language):
        text = article.text[span.start : span.end]
        if _is_plain(text) and not _is_name_first_word_only(text):
            yield Bearer(article, text)


def _is_plain(text: str) -> bool:
    return (
        len(text.split()) in WORDS
        and _PLAIN.fullmatch(text) is not None
        and text[0].isupper()
        and not link(text)
        and _UNNAMED.match(text) is None
        and _SPEAKS.search(re.sub(r"\bU\.?S\.?\b", "", text)) is None
        and _CHATTY.search(text) is None
        and not quotations.find(text)
        and stands_alone(text)
        and not gives_orders(text)
        and states_nothing(text) is None
    )


def _is_name_first_word_only(text: str) -> bool:
    """Whether nothing is named: nobody could tell what such a sentence is about."""
    return not names.find(text)
