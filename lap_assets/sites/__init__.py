"""MAL and World Art: addresses, page parsers, and one polite client. No tables, no decisions about posters."""
