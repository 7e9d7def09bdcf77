"""Crawls that run by themselves: when, in which process, and how they ended."""
