"""What pytest loads at its start: the plugin, unless a package of somebody else's is in its place.

A test suite with a folder of its own called ``eval`` must run as if this were not installed.
"""

from __future__ import annotations

import contextlib

with contextlib.suppress(ImportError):
    from eval.plugin import grounded, pytest_runtest_makereport

    __all__ = ["grounded", "pytest_runtest_makereport"]
