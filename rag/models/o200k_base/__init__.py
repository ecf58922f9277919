"""The bundled token ranks, o200k_base, and their recipe."""
