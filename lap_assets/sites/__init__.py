"""MAL and World Art: their addresses, their pages, and one polite client. No tables, no decisions about posters."""
