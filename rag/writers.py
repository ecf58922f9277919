"""Who writes answers and summaries: the articles themselves, or a chat model chosen by name or given as an object."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag import settings
from rag.answer import EXTRACTIVE, Answerer, ExtractiveAnswerer
from rag.errors import UsageError
from rag.records import Usage
from rag.stopping import Stop
from rag.summaries.brief import Summarizer
from rag.summaries.extractive import ExtractiveSummarizer

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from rag.chat_models.model import ChatModel
    from rag.chat_models.spending import Budget

    Model = str | BaseChatModel

SAME = "model"
"""As a second opinion: that of the model that answers."""


class Writers:
    """Opens the models that are asked for, each once; they share one cache and one budget."""

    def __init__(self, model: Model | None, *, cache: str | Path | None, max_cost: float | Budget | None) -> None:
        """``model`` is used where a call names none; a budget may be shared with models beside these."""
        if isinstance(max_cost, int | float) and max_cost < 0:
            raise UsageError(f"max-cost is {max_cost}; it is an amount in US dollars and must be at least 0.")
        self._default = settings.model_name(model) if model is None or isinstance(model, str) else model
        self._cache = None if cache is None else Path(cache).expanduser()
        self._max_cost = max_cost if isinstance(max_cost, int | float) else None
        self._budget: Budget | None = None if isinstance(max_cost, int | float) else max_cost
        self._opened: dict[str | int, ChatModel] = {}

    @property
    def name(self) -> str:
        """The name of the model that is used where a call names none."""
        return self._default if isinstance(self._default, str) else self._chat_model(self._default).name

    @property
    def spent(self) -> Usage | None:
        """Tokens and cost of all calls so far; ``None`` where no model was called."""
        return self._budget.spent if self._budget and self._budget.spent.input_tokens else None

    def described(self, model: Model | None = None) -> str:
        """The model and the address that articles' words are sent to, as one phrase. Raises ModelError."""
        chosen = self._default if model is None else model
        if chosen == EXTRACTIVE:
            return EXTRACTIVE
        opened = self._chat_model(chosen)
        return f"{opened.name} at {opened.address}" if opened.address else opened.name

    def told(self, model: Model | None, does: str, sent: str) -> str | None:
        """That a model does something, and what is sent to it; nothing where no model is called."""
        chosen = self._default if model is None else model
        if EXTRACTIVE in (chosen, self._default if chosen == SAME else None):
            return None
        described = self.described(None if chosen == SAME else chosen)
        return f"{described} {does}; {sent} are sent there"

    def answerer(
        self, model: Model | None, stop: Stop, *, verify: Model | None, repair: bool, fallback: str | None
    ) -> Answerer:
        """Who answers one question; options are those of ``Archive.ask``."""
        if fallback not in (None, EXTRACTIVE):
            raise UsageError(f"There is no fallback '{fallback}'. The only one is '{EXTRACTIVE}'.")
        chosen = self._default if model is None else model
        if chosen == EXTRACTIVE:
            if verify is not None:
                raise UsageError("A second opinion needs a model that writes. Choose one, or leave 'verify' out.")
            return ExtractiveAnswerer()
        from rag.written.model_answer import ModelAnswerer

        judge = chosen if verify == SAME else verify
        return ModelAnswerer(
            self._chat_model(chosen),
            stop,
            repair=repair,
            opinion=None if judge is None else self._chat_model(judge),
            fallback=fallback is not None,
        )

    def summarizer(self, model: Model | None, *, repair: bool) -> Summarizer:
        """Who writes one summary; options are those of ``Archive.summarize``."""
        chosen = self._default if model is None else model
        if chosen == EXTRACTIVE:
            return ExtractiveSummarizer()
        from rag.summaries.by_model import ModelSummarizer

        return ModelSummarizer(self._chat_model(chosen), ExtractiveSummarizer().write, repair=repair)

    def _chat_model(self, model: Model) -> ChatModel:
        from rag.chat_models.opening import of_object, open_model
        from rag.chat_models.spending import Budget

        if self._budget is None:
            self._budget = Budget(self._max_cost)
        key = model if isinstance(model, str) else id(model)
        if key not in self._opened:
            opening: Any = open_model if isinstance(model, str) else of_object
            self._opened[key] = opening(model, cache=self._cache, budget=self._budget)
        return self._opened[key]
