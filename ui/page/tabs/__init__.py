"""The views of the page, each laid out in its file."""
