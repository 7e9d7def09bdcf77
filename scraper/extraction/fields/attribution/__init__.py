"""Who wrote it and who reported it: authors, credits, agencies, datelines."""
