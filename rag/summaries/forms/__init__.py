"""The forms of a summary: what each tells, and in which order."""
