"""Every exception that this project raises on purpose.

::

    ScraperError
    ├── ConfigError          a setting, argument or configuration file is wrong
    │   └── QueryError           a search query is written wrong: the message says where, and what to do
    ├── BusyError            another process is at it: run again later
    ├── InputError           a file that was asked for cannot be read or has the wrong shape
    └── StoreError           the database cannot do what was asked
        ├── StaleVerdictError    another process stored the article first: decide again
        ├── StoreDownError       the database does not answer, is full or locked: it may pass
        │   └── LeaseLostError       another crawl has taken the site: this one may write no more
        └── SchemaError          the database belongs to another version
"""


class ScraperError(Exception):
    """The message names the input that was wrong and what to do about it."""


class ConfigError(ScraperError):
    """A setting, an argument or the configuration file is wrong."""


class QueryError(ConfigError):
    """A search query is written wrong."""

    def __init__(self, message: str, *, at: int) -> None:
        """`at`: the character at which it is wrong, counted from 0."""
        super().__init__(message)
        self.at = at


class BusyError(ScraperError):
    """Another process does the same now: run again when it has ended."""


class InputError(ScraperError):
    """A file that was asked for cannot be read or does not have the expected shape."""


class StoreError(ScraperError):
    """The database cannot do what was asked."""


class StaleVerdictError(StoreError):
    """Another process stored the same address since the verdict was decided: decide again."""


class StoreDownError(StoreError):
    """The database does not answer, is full or locked: until that passes, whatever comes next fails too."""


class LeaseLostError(StoreDownError):
    """Another crawl took the site, since nothing was heard of this one for long: it may write no more."""


class SchemaError(StoreError):
    """The database was made by another version of this project."""
