"""Commands that read pages and records from files: extract, explain, dedup."""
