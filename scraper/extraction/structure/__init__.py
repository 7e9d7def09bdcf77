"""What a text is made of: its kept blocks with their structure, and the figures between them."""
