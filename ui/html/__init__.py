"""Results, articles and runs as HTML; every word of another's is escaped here."""
