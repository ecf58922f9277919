"""ISO 639-1: which two letters stand for a language, and what to write for those who wrote its name."""

from __future__ import annotations

from rag.errors import UsageError

CODES = frozenset(
    """
    aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el
    en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu
    ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na
    nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so
    sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu
    """.split()
)
_NAMES = """
ar arabic العربية|bg bulgarian български|ca catalan català|cs czech čeština|da danish dansk|de german deutsch ger deu|
el greek ελληνικά|en english eng|es spanish español castellano spa|et estonian eesti|fa persian farsi فارسی|
fi finnish suomi|fr french français fra fre|he hebrew עברית|hi hindi हिन्दी|hr croatian hrvatski|hu hungarian magyar|
id indonesian|it italian italiano ita|ja japanese 日本語 jp|ko korean 한국어|lt lithuanian lietuvių|
lv latvian latviešu|nl dutch nederlands|no norwegian norsk|pl polish polski|pt portuguese português por|
ro romanian română|
ru russian русский rus|sk slovak slovenčina|sl slovene slovenian|sr serbian srpski српски|sv swedish svenska|th thai|
tr turkish türkçe|uk ukrainian українська ua|ur urdu|vi vietnamese|zh chinese 中文 mandarin cn
"""
BY_NAME = {
    name: code for code, *names in (one.split() for one in _NAMES.replace("\n", "").split("|")) for name in names
}


def code(written: str) -> str:
    """The code in small letters.

    Raises:
        UsageError: it is no ISO 639-1 code; the message says what to write.
    """
    folded = written.strip().lower()
    if folded in CODES:
        return folded
    first, *_ = folded.replace("_", "-").split("-")
    meant = BY_NAME.get(folded) or (first if first in CODES else None)
    instead = f"Write '{meant}'" if meant else "Write its ISO 639-1 code, such as en, de or fr"
    raise UsageError(f"The language is '{written}', which is no ISO 639-1 code. {instead}, or leave the option out.")
