"""The bundled sentence embedder, all-MiniLM-L6-v2, and its recipe."""
