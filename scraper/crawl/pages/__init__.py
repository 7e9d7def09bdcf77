"""From a fetched page through a worker process into the store."""
