"""The verdict on a page: an article, or one of the kinds that are refused; read by extract.article."""
