"""What the service keeps: runs, alarms, coverage."""
