"""Commands that look at what was stored, and export it."""
