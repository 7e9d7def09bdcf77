"""Commands that fetch: a crawl, an import, the demo, a new site."""
