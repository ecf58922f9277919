"""What a sentence claims that can be looked up: numbers, dates, names, quotations, and how it words them."""
