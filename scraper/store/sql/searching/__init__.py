"""The search index in SQL: FTS5 or tsvector hold the terms that scraper.store.search makes."""
