"""Sample articles for the demonstration and the first eval suite; see README.md."""
