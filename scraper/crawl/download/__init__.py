"""How a request goes out, and what comes back."""
