"""A news scraper: fetches pages, decides what each one is, and stores clean articles."""
