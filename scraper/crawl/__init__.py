"""Scrapy at work: what is fetched, how, and what becomes of it."""
