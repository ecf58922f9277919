"""A chat model as a judge of answers: asked, read, measured against people, and corrected for what it gets wrong."""
