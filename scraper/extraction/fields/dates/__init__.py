"""When it was published: how dates are written, where they stand, which one counts."""
