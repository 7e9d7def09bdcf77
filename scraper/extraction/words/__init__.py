"""What words say, by language: data, and the patterns made of it."""
