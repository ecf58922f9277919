"""How summaries come about: what is read, what of it is told, and in which form."""
