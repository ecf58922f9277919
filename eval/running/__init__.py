"""Runs: a suite put to a system, case by case, kept as it goes, and the report read back."""
