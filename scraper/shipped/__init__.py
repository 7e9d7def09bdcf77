"""What comes with the program beside its code: the spiders, and the fixtures of the demo.

A wheel holds both in this package; in a checkout they stand at its top, where its own project has them.
"""

from pathlib import Path

SHIPPED_SPIDERS = "scraper.shipped.spiders"
"""The package of the spiders."""

__path__ = [*__path__, str(Path(__file__).parents[2])]


def shipped_folder(name: str) -> Path:
    """Return the folder "spiders" or "fixtures"."""
    return next(folder for place in __path__ if (folder := Path(place) / name).is_dir())
