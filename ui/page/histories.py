"""What the page does when its reader looks at earlier conversations: plain functions, nothing of Gradio."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rag.errors import GroundwireError, UsageError
from ui.exports.conversations import exported_conversation
from ui.exports.download import file_name, text_html
from ui.html.history import NAMELESS, asking_html, history_html, removed_html, told_html
from ui.html.markup import error_html
from ui.text.forms import FORMS

if TYPE_CHECKING:
    from ui.kept.conversations import Conversations

SIZE = 50
"""Conversations on one page of the list."""
_NOT_HERE = "That conversation is not here any more."


@dataclass(frozen=True, slots=True)
class Browsing:
    """What a reader looks at in the list."""

    search: str = ""
    offset: int = 0
    removed: str = ""
    """The id of the conversation that was deleted last, which can be had back."""


Seen = tuple[Browsing, str]
"""What is looked at, and the list as HTML."""


@dataclass(frozen=True, slots=True)
class Histories:
    """Every reader's earlier conversations; what is looked at is passed in and handed back.

    What comes from the browser may be anything.
    """

    conversations: Conversations

    def seen(self, reader: str, browsing: Browsing) -> Seen:
        """The list as it is now."""
        return self._seen(reader, replace(browsing, removed=""))

    def search(self, reader: str, words: object, browsing: Browsing) -> Seen:
        """The conversations in whose questions and answers all the words are."""
        return self._seen(reader, Browsing(str(words or "").strip()))

    def turn(self, reader: str, offset: object, browsing: Browsing) -> Seen:
        """Another page of the list."""
        place = offset if isinstance(offset, int) and 0 <= offset < 10**9 else 0
        return self._seen(reader, Browsing(browsing.search, place))

    def remove(self, reader: str, id: object, browsing: Browsing) -> Seen:
        """Delete a conversation, and offer to bring it back."""

        def act() -> tuple[str, str]:
            found = self.conversations.load(reader, str(id))
            if found is None:
                return "", told_html(_NOT_HERE)
            self.conversations.delete(reader, found.id)
            return found.id, removed_html(found.title)

        return self._done(reader, browsing, act)

    def restore(self, reader: str, browsing: Browsing) -> Seen:
        """Bring back what was deleted last."""

        def act() -> tuple[str, str]:
            back = self.conversations.restore(reader, browsing.removed)
            return "", told_html("It is back." if back else "It cannot be brought back any more.")

        return self._done(reader, browsing, act)

    def ask_all(self, reader: str, browsing: Browsing) -> Seen:
        """Whether really all is to be deleted."""
        return self._done(
            reader, browsing, lambda: ("", asking_html(self.conversations.listed(reader, limit=0).total))
        )

    def remove_all(self, reader: str, browsing: Browsing) -> Seen:
        """Delete all of the reader's conversations for good."""

        def act() -> tuple[str, str]:
            self.conversations.delete_all(reader)
            return "", told_html("All conversations are deleted.")

        return self._done(reader, Browsing(), act)

    def exported(self, reader: str, id: object, form: object) -> str:
        """A conversation as a file for the browser to keep; empty where there is no such form.

        Raises:
            UsageError: the conversation is not here any more.
            ArchiveError: the history cannot be read.
        """
        chosen = next((one for one in FORMS if one == form), None)
        if chosen is None or not reader:
            return ""
        found = self.conversations.load(reader, str(id))
        if found is None:
            raise UsageError(_NOT_HERE)
        return text_html(exported_conversation(found, chosen), file_name(found.title, chosen), chosen)

    def _done(self, reader: str, browsing: Browsing, act: Callable[[], tuple[str, str]]) -> Seen:
        """The list after an act, which gives what can be had back and what is said of it."""
        try:
            removed, note = act()
        except GroundwireError as error:
            removed, note = "", error_html(str(error))
        return self._seen(reader, replace(browsing, removed=removed), note)

    def _seen(self, reader: str, browsing: Browsing, note: str = "") -> Seen:
        if not reader:
            return browsing, note + NAMELESS
        try:
            listed = self.conversations.listed(reader, browsing.search, browsing.offset, SIZE)
            if not listed.entries and browsing.offset:  # the last of its page was deleted
                browsing = replace(browsing, offset=max(0, browsing.offset - SIZE))
                listed = self.conversations.listed(reader, browsing.search, browsing.offset, SIZE)
        except GroundwireError as error:
            return browsing, error_html(str(error))
        page = history_html(listed, search=browsing.search, offset=browsing.offset, size=SIZE, note=note)
        return browsing, page
