"""Text dumps without markup: which lines are the article."""
