"""Measures Groundwire on suites of questions with known answers; imports ``rag``, never ``ui``."""
