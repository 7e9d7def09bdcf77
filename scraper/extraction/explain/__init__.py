"""The findings about one page as JSON or HTML; read by people, through scraper explain."""
