"""Results and articles in words: for a terminal, and the short phrases that every form shows."""
