"""Scalable vector graphics as text: shapes, labels, and a drawing that says in words what it shows."""

from __future__ import annotations

from html import escape

WIDTH = 320
"""Units across a panel; a phone shows it at about a pixel for each."""


def drawing(kind: str, width: float, height: float, tells: str, shapes: str) -> str:
    """A drawing that fits the width it is given; ``tells`` is what a reader hears who cannot see it."""
    return (
        f'<svg class="{kind}" viewBox="0 0 {width:g} {height:g}" role="img" aria-label="{escape(tells)}">'
        f"<title>{escape(tells)}</title>{shapes}</svg>"
    )


def line(x1: float, y1: float, x2: float, y2: float, style: str) -> str:
    """A straight line; ``style`` is a class of the style sheet, here and below."""
    return f'<line class="{style}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'


def box(x: float, y: float, width: float, height: float, style: str) -> str:
    """A filled rectangle."""
    return f'<rect class="{style}" x="{x:.1f}" y="{y:.1f}" width="{max(width, 0):.1f}" height="{height:.1f}"/>'


def dot(x: float, y: float, style: str, tells: str = "", radius: float = 4) -> str:
    """A filled circle; a pointer that rests on it is told ``tells``."""
    title = f"<title>{escape(tells)}</title>" if tells else ""
    return f'<circle class="{style}" cx="{x:.1f}" cy="{y:.1f}" r="{radius:g}">{title}</circle>'


def label(x: float, y: float, text: str, *, anchor: str = "start", style: str = "tick") -> str:
    """Words on their base line; ``anchor`` is ``start``, ``middle`` or ``end``."""
    return f'<text class="{style}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'


def clipped(x: float, y: float, width: float, height: float, text: str) -> str:
    """Words that may be anything, in a window of their own that they cannot leave; whole on a pointer's rest."""
    short = text if len(text) <= 18 else f"{text[:17]}…"
    return (
        f'<svg x="{x:.1f}" y="{y:.1f}" width="{width:g}" height="{height:g}"><title>{escape(text)}</title>'
        f"{label(0, height - 5, short)}</svg>"
    )


def path(points: list[tuple[float, float]], style: str) -> str:
    """A line from point to point."""
    return f'<polyline class="{style}" points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in points)}"/>'
