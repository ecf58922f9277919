"""Drafts a suite from one's own articles, for a person to edit."""
