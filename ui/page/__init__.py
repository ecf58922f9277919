"""The chat page: what it does when its reader acts, and its layout."""
