"""The server: who may ask, what a browser may load, and how it ends."""
