"""Pages that are taken from the archive or from files again."""
