"""A report as text for a terminal, as Markdown, as one HTML file, and as JUnit's XML."""
