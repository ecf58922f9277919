"""The one door to the network for articles: polite to servers, and safe against forged addresses and floods."""
