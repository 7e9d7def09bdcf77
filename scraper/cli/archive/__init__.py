"""Commands that look at the archive: check it, make room, extract from it again."""
