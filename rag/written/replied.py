"""A model's reply -> its sentences and the ``[n]`` each carries, whole or as it streams, in lists and tables too."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rag.passages import sentences
from rag.written.markers import Lifted, Marked, clean, lift
from rag.written.tagless import Tagless

LONGEST_SENTENCE = 4_000
"""Characters after which what does not end is taken for a sentence, so that the work stays bounded."""
_SEAM = re.compile(
    r"(?:[.!?…][\"”’»)*_]*(?:\s*[\[【][^\[\]【】\n]{0,40}[\]】]\.?)*\s+[^\s\[【]\S*(?=\s)"
    r"|[。！？][”」』）]*(?:\s*[\[【][^\[\]【】\n]{0,40}[\]】])*[^\s\[【”」』）⁰¹²³⁴-⁹])"
)
"""The end of a sentence, its markers, and the whole of the next word."""
_WHOLE = re.compile(r"\s*(?:[#|`~\[]|\*\*|__)")
"""The start of a line that can only be read whole."""
_SIGN = re.compile(r"^\s*(?:>\s*)*(?:(?:[-*+•–]|\d{1,2}[.)])\s+(?:\[[ xX]\]\s+)?)*")
_NOTHING = re.compile(
    r"\s*(?:#{1,6}\s.*|[-*_=\s]{3,}|\*\*(?=[^*]*[a-z])[^*]*[^*.!?]\*\*:?|__[^_]*[^_.!?]__:?|\[\^?\d{1,3}\]:.*"
    r"|[*_]*(?:[Ss]ources?|[Rr]eferences?|[Cc]itations?)[*_]*:[*_\s]*(?:[\[【][^\[\]【】]{0,40}[\]】][\s,;.]*)+)?\s*$"
)
"""A line that states nothing: a heading, a rule, the definition of a footnote, a bare list of sources."""
_SOURCES = re.compile(r"[\s#*_]*(?:sources?|references?|citations?|quellen|fuentes)[\s*_]*:?[\s*_]*$", re.IGNORECASE)
_MARKS = '"“”„'
_SURROGATE = re.compile("[\ud800-\udfff]")
_CODE = re.compile(r"\s*(?:```|~~~)")
_SEPARATOR = re.compile(r"\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$")


def read_reply(reply: str) -> list[Marked]:
    """Sentences of a whole reply. A marker belongs to the sentence it stands in or directly behind."""
    reader = ReplyReader()
    return [*reader.feed(reply), *reader.finish()]


class ReplyReader:
    """Reads a reply as it streams; where it was cut into deltas changes nothing."""

    def __init__(self) -> None:
        self._tagless = Tagless()
        self._line = ""
        self._looked = 0
        self._begun = False
        self._code = False
        self._sources = False
        self._rows: list[str] = []

    def feed(self, delta: str) -> list[Marked]:
        """The sentences that are complete after one more delta: the next has begun, or the line has ended."""
        return list(self._taken(self._tagless.feed(_storable(delta).replace("\r", "\n"))))

    def finish(self) -> list[Marked]:
        """What is left when the reply ends."""
        found = [*self._taken(self._tagless.finish()), *self._ended()]
        return [*found, *self._table()]

    def _taken(self, text: str) -> Iterator[Marked]:
        *lines, rest = text.split("\n")
        for line in lines:
            self._line += line
            yield from self._ended()
        self._line += rest
        yield from self._complete()

    def _ended(self) -> Iterator[Marked]:
        """The line is whole."""
        yield from self._complete()
        line, begun = self._line, self._begun
        self._line, self._looked, self._begun = "", 0, False
        if begun:
            yield from _marked(lift(line))
        elif _CODE.match(line):
            self._code = not self._code
        elif not self._code and not self._sources:
            yield from self._block(line)

    def _block(self, line: str) -> Iterator[Marked]:
        if line.lstrip().startswith("|"):
            self._rows.append(line)
            return
        yield from self._table()
        self._sources = _SOURCES.match(line) is not None
        if not self._sources and not _NOTHING.match(line):
            yield from _marked(lift(_SIGN.sub("", line)))

    def _complete(self) -> Iterator[Marked]:
        """The sentences of the line that have ended though the line has not."""
        if self._code or self._sources or (not self._begun and _WHOLE.match(self._line)):
            return
        if not self._begun:
            unsigned = _SIGN.sub("", self._line)
            if not _SEAM.search(unsigned):
                return
            yield from self._table()
            self._line, self._begun = unsigned, True
        while seam := _SEAM.search(self._line, self._looked):
            self._looked = seam.end() - 1
            lifted = lift(self._line[: seam.end()])
            spans = sentences(lifted.bare)
            quoting = len(spans) > 1 and _is_quoting(lifted.bare[: spans[-1].start])
            if (len(spans) > 1 and not quoting) or seam.end() > LONGEST_SENTENCE:
                cut = spans[-1].start if len(spans) > 1 else len(lifted.bare)
                yield from _marked(lift(self._line[: lifted.back[cut]]))
                self._line, self._looked = self._line[lifted.back[cut] :], 0

    def _table(self) -> Iterator[Marked]:
        """The rows of a table that has ended, each one sentence."""
        rows, self._rows = self._rows, []
        named = len(rows) > 1 and _SEPARATOR.match(rows[1]) is not None
        names = [clean(lift(cell).bare) for cell in _cells(rows[0])] if named else []
        for row in rows[2:] if named else rows:
            if not _SEPARATOR.match(row):
                yield from _row(_cells(row), names)


def _storable(text: str) -> str:
    """The text with lone surrogates, which no encoding holds, replaced."""
    return _SURROGATE.sub("\ufffd", text)


def _is_quoting(text: str) -> bool:
    """Whether a quotation is still open at the end; some texts open with one sort of mark and end with another."""
    return sum(map(text.count, _MARKS)) % 2 == 1


def _marked(lifted: Lifted) -> Iterator[Marked]:
    spans = sentences(lifted.bare)
    owners: list[list[int]] = [[] for _ in spans]
    for position, numbers in lifted.markers if spans else ():
        behind = [index for index, span in enumerate(spans) if span.start < position]
        owners[behind[-1] if behind else 0] += numbers
    for span, own in zip(spans, owners, strict=True):
        if text := clean(lifted.bare[span.start : span.end]):
            yield Marked(text, tuple(dict.fromkeys(own)))


def _cells(row: str) -> list[str]:
    return [cell.strip() for cell in row.strip().strip("|").split("|")]


def _row(cells: list[str], names: list[str]) -> Iterator[Marked]:
    lifted = [lift(cell) for cell in cells]
    told = []
    for index, cell in enumerate(lifted):
        name = names[index] if index < len(names) else ""
        if text := clean(cell.bare):
            told.append(f"{name}: {text}" if name else text)
    if told:
        numbers = (number for cell in lifted for _, several in cell.markers for number in several)
        yield Marked("; ".join(told), tuple(dict.fromkeys(numbers)))
