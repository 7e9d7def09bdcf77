"""Pages as they were served, in WARC files: written, read, checked and pruned."""
