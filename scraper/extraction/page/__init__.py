"""A page as a Document: decoded, parsed, cut into blocks; read by all other steps of extract."""
