"""What the store holds as JSON, for other programs: /api/v1."""
