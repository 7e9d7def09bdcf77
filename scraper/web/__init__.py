"""Pages about what the store holds, made on the server; they need the extra web."""
