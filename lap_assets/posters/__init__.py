"""Raw posters: names, storage, scraping and manifests. Pixels are never changed here."""
