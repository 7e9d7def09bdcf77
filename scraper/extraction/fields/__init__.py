"""The fields of an article, each chosen from candidates in one context."""
