"""Which texts are copies or versions of others: pure, without a store."""
