"""What the pages of a site have in common, learned from several of them."""
