"""Outputs of other systems, from files or callables, read into our records so that the same scorers apply."""
