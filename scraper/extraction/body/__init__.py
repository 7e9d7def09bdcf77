"""The body of an article: a Decision for each block of its page; read by extract.article."""
