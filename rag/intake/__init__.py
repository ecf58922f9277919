"""Whatever comes in, made into articles: files, web pages, feeds and dumps, read, cleaned and normalised once."""
