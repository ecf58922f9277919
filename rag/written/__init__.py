"""What a model is told, and how what it writes is read and each sentence tied to the words that bear it."""
