"""Commands that keep it running for months: jobs, the service, coverage, backups, settings."""
