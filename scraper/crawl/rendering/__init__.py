"""Pages that a browser must make: Chromium, without a network of its own, asks through the crawl."""
