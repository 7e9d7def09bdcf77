"""Feeds, sitemaps and pages with links, each mended and read into one shape: what it announces."""
