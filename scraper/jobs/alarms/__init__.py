"""What is noticed about runs, and whom it is told."""
