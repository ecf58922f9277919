"""axe-core over what a browser shows; it comes with axe-playwright-python and runs there, and fetches nothing for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from browsing import DESKTOP, PHONE

if TYPE_CHECKING:
    from playwright.sync_api import Frame, Page

LOOKS = [{"size": DESKTOP, "scheme": "light"}, {"size": PHONE, "scheme": "dark"}]
LOOKED = ["desktop-light", "phone-dark"]
"""What a test in each of the looks is called."""
# Colours are those of what has come to rest.
_SETTLED = "Promise.allSettled(document.getAnimations().map((one) => one.finished)).then(() => undefined)"
_RUN = "axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations)"


def faults(shown: Page | Frame) -> list[str]:
    """What axe finds wrong now, but what is of little weight."""
    from axe_playwright_python.base import AXE_SCRIPT

    if not shown.evaluate("Boolean(window.axe)"):
        shown.evaluate(AXE_SCRIPT)
    shown.evaluate(_SETTLED)
    found: list[dict[str, Any]] = shown.evaluate(_RUN)
    return [
        f"{one['impact']} {one['id']}: {node['html'][:160]}: {node['failureSummary'][:300]}"
        for one in found
        if one["impact"] != "minor"
        for node in one["nodes"]
    ]
