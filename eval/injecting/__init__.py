"""Orders planted in articles, a model that obeys them, and what of it comes through."""
