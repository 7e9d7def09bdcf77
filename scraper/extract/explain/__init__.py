"""What was found out about a page, told to a person."""
