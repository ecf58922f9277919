"""PDFs made for tests: columns, running heads, properties, passwords."""

import io
from collections.abc import Sequence

from reportlab.pdfgen.canvas import Canvas

Drawn = tuple[float, float, float, str]
"""Left, bottom, size and words of a line."""


def pdf(*pages: Sequence[Drawn], **properties: str) -> bytes:
    """A PDF of these lines, drawn in this order."""
    file = io.BytesIO()
    password = properties.pop("password", None)
    canvas = Canvas(file, pagesize=(595, 842), encrypt=password)
    canvas.setTitle(properties.get("title", ""))
    canvas.setAuthor(properties.get("author", ""))
    for page in pages:
        for left, bottom, size, words in page:
            canvas.setFont("Times-Roman", size)
            canvas.drawString(left, bottom, words)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def column(left: float, top: float, *lines: str, size: float = 10) -> list[Drawn]:
    """Lines below one another."""
    return [(left, top - 12 * number, size, line) for number, line in enumerate(lines)]
