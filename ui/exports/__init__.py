"""Answers and summaries as files, with the words they rest on."""
