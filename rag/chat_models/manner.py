"""How one server wants to be asked, which is learnt from what it refuses."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

_OTHER_LIMIT = re.compile(r"\buse \W?max_completion_tokens", re.IGNORECASE)
"""OpenAI's words, which come through gateways at other addresses."""
_NO_SYSTEM = re.compile(
    r"system role|roles must alternate|only user and assistant roles|does not support 'system'"
    r"|developer instruction is not enabled",
    re.IGNORECASE,
)
"""The words of the templates of Gemma and Mistral, of OpenAI and of Google."""

_NO_TEMPERATURE = re.compile(
    r"\btemperature\b.{0,60}\b(?:unsupported|deprecated|does not support|not supported)"
    r"|(?:unsupported|does not support|not supported).{0,60}\btemperature\b",
    re.IGNORECASE,
)
"""The words of OpenAI, Anthropic and Amazon for models that only have their own."""


@dataclass(frozen=True, slots=True)
class Manner:
    """What a server is told, and how. It starts with what most understand."""

    states_usage: bool = True
    """Asked to count tokens in a stream."""
    limit: str | None = None
    """The name of the longest reply, where it is not the one that the provider's package has for it."""
    instructed: bool = True
    """Given a message of the system's beside the user's."""
    streams: bool = True
    tempered: bool = True
    """Told a temperature, where one is wanted."""

    def after(self, error: Exception) -> Manner | None:
        """What to try next; ``None`` where asking in another way cannot help."""
        said = str(error)
        if self.states_usage and "stream_options" in said:
            return replace(self, states_usage=False)
        if self.limit is None and _OTHER_LIMIT.search(said):
            return replace(self, limit="max_completion_tokens")
        if self.tempered and _NO_TEMPERATURE.search(said):
            return replace(self, tempered=False)
        if self.instructed and _NO_SYSTEM.search(said):
            return replace(self, instructed=False)
        # LangChain's word for a stream in which nothing came: a server that answers in one piece, asked or not.
        if self.streams and type(error) is ValueError:
            return replace(self, streams=False)
        return None

    def messages(self, system: str, user: str) -> list[tuple[str, str]]:
        """Both prompts, as LangChain takes them."""
        return [("system", system), ("user", user)] if self.instructed else [("user", f"{system}\n\n{user}")]
