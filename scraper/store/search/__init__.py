"""Search: what is a word, what a query means, what of a text answers it; on every store the same."""
