"""From a site to the addresses that are worth fetching."""
