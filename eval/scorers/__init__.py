"""Scorers: plain functions from a case and its output to a score, without a model and without chance.

One that does not apply returns no value and says why; that is neither right nor wrong, and is counted apart.
"""
