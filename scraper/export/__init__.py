"""Stored articles as files of other formats."""
