"""What a page is: an article, or one of the kinds that are refused."""
