"""Copies and stories: kept while crawling, gone through again by the sweep."""
