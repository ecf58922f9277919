"""How a model writes a summary: what it is shown, in which rounds, and what they will take."""
