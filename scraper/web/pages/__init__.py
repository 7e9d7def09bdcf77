"""The pages: each function answers one kind of address."""
