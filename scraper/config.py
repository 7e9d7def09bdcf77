"""What is in force: settings from scraper.toml and the environment, each with its origin.

Only entry points build a Config; the rest of the project is handed values.
"""

from __future__ import annotations

import ipaddress
import re
import tomllib
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from scraper.errors import ConfigError
from scraper.masking import MASK, hide_user_info, masked, masked_parameters, user_info
from scraper.restrictions import RESTRICTIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

FILE = "scraper.toml"
DEFAULT = "default"
REFETCH_HOURS = (1.0, 6.0, 24.0, 168.0)
"""After first sight: most corrections of a news text come within its first hours, few after a week."""
_LISTS = frozenset({"no_capture_of", "no_article_of", "allowed_networks", "web_names", "web_trusted_proxies"})
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """The settings of one run."""

    store: str = "sqlite:///news.db"
    """Where articles live: sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME."""
    contact: str = ""
    """An address or page where site operators can reach whoever crawls; part of the user agent."""
    archive: str = "archive"
    """Where each fetched page is kept as it was sent: a folder, or s3://… and the like; empty: nowhere."""
    archive_listings: bool = False
    """Keep robots.txt, sitemaps, feeds and sections too."""
    images: str = ""
    """"lead": fetch the lead image of each article, and keep it beside the archive; empty: no picture."""
    no_capture_of: tuple[str, ...] = ("noarchive",)
    """A page that forbids one of these is not kept in the archive; the names are those of `restrictions`."""
    no_article_of: tuple[str, ...] = ()
    """A page that forbids one of these is no article: it is rejected as restricted, and not archived."""
    allowed_networks: tuple[str, ...] = ()
    """Networks that may be crawled beside the public internet, such as 10.1.0.0/16."""
    refetch_hours: tuple[float, ...] = REFETCH_HOURS
    """Hours after first sight at which an article is fetched again for updates, ascending."""
    layouts: bool = True
    """Read bodies where they stood on a site's earlier pages; false: read every page in full."""
    workers: int = 0
    """Processes that extract; 0: as many as there are processors."""
    log_level: str = "INFO"
    """DEBUG, INFO, WARNING or ERROR."""
    web_names: tuple[str, ...] = ()
    """Host names by which the pages are asked, beside this machine's own."""
    web_trusted_proxies: tuple[str, ...] = ()
    """Addresses or networks of proxies that are believed who asks the pages, and whether by https."""
    access: Mapping[str, Any] = field(default_factory=dict)
    """The tables [access.SITE]: headers for those who subscribe, and where their secrets stand."""
    jobs: Mapping[str, Any] = field(default_factory=dict)
    """The tables [jobs.NAME]: what is crawled again and again; see docs/how-to/operations.md."""
    alarms: Mapping[str, Any] = field(default_factory=dict)
    """The table [alarms]: where alarms are brought; see docs/how-to/operations.md."""
    changes: Mapping[str, Any] = field(default_factory=dict)
    """The table [changes]: where changes of articles are posted; see docs/reference/data.md."""
    origins: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Setting → where its value came from; an absent one has its default."""

    def origin(self, name: str) -> str:
        """Return where the value of a setting came from."""
        return self.origins.get(name, DEFAULT)


SETTINGS = tuple(setting.name for setting in fields(Config) if setting.name != "origins")


def load_config(
    path: Path | None = None, *, environ: Mapping[str, str], given: Mapping[str, str] | None = None
) -> Config:
    """Return the settings: `given` before the environment's SCRAPER_NAME before the file before the defaults.

    The file is `path`, else SCRAPER_CONFIG, else scraper.toml in the working directory if there is one.
    Raises ConfigError for a missing file that was named, an unknown key, a wrong type or value.
    """
    values: dict[str, Any] = {}
    origins: dict[str, str] = {}
    named = path or (Path(environ["SCRAPER_CONFIG"]) if environ.get("SCRAPER_CONFIG") else None)
    file = named or Path(FILE)
    if named is not None or file.exists():
        for name, value in _read(file).items():
            values[name], origins[name] = _checked(name, value, str(file)), str(file)
    for name in SETTINGS:
        variable = f"SCRAPER_{name.upper()}"
        if environ.get(variable):
            origin = f"environment {variable}"
            values[name], origins[name] = _checked(name, _parsed(name, environ[variable]), origin), origin
    for name, text in (given or {}).items():
        origin = f"option --{name.replace('_', '-')}"
        values[name], origins[name] = _checked(name, _parsed(name, text), origin), origin
    config = Config(**values, origins=origins)
    hide_user_info(config.store)
    hide_user_info(config.archive)
    return config


def crawl_settings(config: Config) -> dict[str, Any]:
    """Return the settings as Scrapy names them."""
    return {
        "NEWS_STORE": config.store,
        "NEWS_CONTACT": config.contact,
        "NEWS_LAYOUTS": config.layouts,
        "NEWS_WORKERS": config.workers,
        "NEWS_ARCHIVE": config.archive,
        "NEWS_ARCHIVE_LISTINGS": config.archive_listings,
        "NEWS_IMAGES": config.images,
        "NEWS_NO_CAPTURE_OF": list(config.no_capture_of),
        "NEWS_NO_ARTICLE_OF": list(config.no_article_of),
        "NEWS_ACCESS": dict(config.access),
        "NEWS_ALLOWED_NETWORKS": list(config.allowed_networks),
        "NEWS_REFETCH_HOURS": list(config.refetch_hours),
    }


def read_secret(about: str, kept: Mapping[str, str], environ: Mapping[str, str]) -> str:
    """Return what {env = "NAME"} or {file = "PATH"} holds. ConfigError, without it, where that is no line."""
    (kind, where) = next(iter(kept.items()))
    try:
        value = environ[where] if kind == "env" else Path(where).read_text(encoding="utf-8")
    except KeyError:
        raise ConfigError(f"{about} stands in {where}, which the environment has not") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{about} stands in {where}, which cannot be read: {error}") from error
    value = value.strip()
    if not value or not value.isascii() or not value.isprintable():
        raise ConfigError(f"{about} in {where} must be one line of ASCII")
    return value


def shown(config: Config, name: str) -> Any:  # noqa: ANN401 - settings have several types
    """Return the value of a setting as it may be seen: without what lets its bearer in."""
    return _RULES[name].seen(getattr(config, name))


def _as_it_is(value: Any) -> Any:  # noqa: ANN401 - settings have several types
    return value


def _hidden(_value: Any) -> Any:  # noqa: ANN401 - settings have several types
    return MASK


def _without_password(address: str) -> str:
    name, colon, password = user_info(address).partition(":")
    return masked_parameters(
        address.replace(f"{name}:{password}@", f"{name}:{MASK}@", 1) if colon else address
    )


def _only_host(address: Any) -> str:  # noqa: ANN401 - whatever the file holds
    found = re.match(r"(https?://)(?:[^/?#]*@)?([^/?#@]*)", str(address))
    return f"{found[1]}{found[2]}/{MASK}" if found else MASK


def _masked_texts(value: Any) -> Any:  # noqa: ANN401 - whatever the file holds
    if isinstance(value, dict):
        return {key: _masked_texts(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_masked_texts(inner) for inner in value]
    return masked(value) if isinstance(value, str) else value


def _seen_by(table: Mapping[str, Callable[[Any], Any]]) -> Callable[[Any], Any]:
    """Return how a table is seen: each key as it says, any other masked."""

    def seen(value: Any) -> Any:  # noqa: ANN401 - whatever the file holds
        if not isinstance(value, dict):
            return MASK
        return {key: table.get(key, _hidden)(inner) for key, inner in value.items()}

    return seen


ALARM_KEYS: Mapping[str, Callable[[Any], Any]] = {
    "webhook": _only_host,
    "email": _seen_by(dict.fromkeys(("to", "from", "host", "port", "user", "tls"), _masked_texts)),
    "command": _masked_texts,
}
"""Key of [alarms] → how its value is seen; there are no others."""


def _secret_place(value: Any) -> Any:  # noqa: ANN401 - whatever the file holds
    return _masked_texts(value) if is_secret_place(value) else MASK


CHANGES_KEYS: Mapping[str, Callable[[Any], Any]] = {"webhook": _only_host, "secret": _secret_place}
"""Key of [changes] → how its value is seen; both are needed."""


def _read(file: Path) -> dict[str, Any]:
    try:
        found = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigError(f"{file}: there is no such configuration file") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file} cannot be read: {error}") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{file} is not TOML: {error}") from error
    unknown = sorted(set(found) - set(SETTINGS))
    if unknown:
        raise ConfigError(f"{file}: unknown key {', '.join(unknown)}; there are {', '.join(SETTINGS)}")
    return found


def _parsed(name: str, text: str) -> Any:  # noqa: ANN401 - settings have several types
    """Return the value that a text from the environment stands for; a text that is none stays one."""
    try:
        if name == "workers":
            return int(text)
        if name in {"archive_listings", "layouts"}:
            return {"true": True, "false": False}.get(text.strip().lower(), text)
        if name == "refetch_hours":
            return [float(part) for part in text.split(",")]
        if name in _LISTS:
            return [part.strip() for part in text.split(",")]
    except ValueError:
        return text
    return text.strip()


def _checked(name: str, value: Any, origin: str) -> Any:  # noqa: ANN401 - settings have several types
    rule = _RULES[name]
    if not rule.check(value):
        told = MASK if rule.is_secret else repr(value)
        raise ConfigError(f"{origin}: {name} = {told} must be {rule.wanted}")
    if name == "refetch_hours":
        return tuple(float(hours) for hours in value)
    if name in _LISTS:
        return tuple(value)
    return value.upper() if name == "log_level" else value


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_hours(value: object) -> bool:
    return (
        isinstance(value, list)
        and all(_is_number(hours) and 0 < hours < float("inf") for hours in value)
        and value == sorted(set(value))
    )


def _is_restrictions(value: object) -> bool:
    return isinstance(value, list) and all(name in RESTRICTIONS for name in value)


def is_secret_place(value: object) -> bool:
    """Return whether it is {env = "NAME"} or {file = "PATH"}: where a secret stands, not the secret."""
    return (
        isinstance(value, dict)
        and [*value] in (["env"], ["file"])
        and all(isinstance(where, str) and where for where in value.values())
    )


def _is_access(value: object) -> bool:
    """Return whether each header of each site names the variable or file that holds its value."""
    tables = value.values() if isinstance(value, dict) else [None]
    return all(
        isinstance(table, dict)
        and all(re.fullmatch(r"[\w-]+", name) and is_secret_place(kept) for name, kept in table.items())
        for table in tables
    )


def _is_networks(value: object) -> bool:
    try:
        return isinstance(value, list) and all(ipaddress.ip_network(text) for text in value)
    except ValueError:
        return False


def _is_host_names(value: object) -> bool:
    return isinstance(value, list) and all(
        isinstance(name, str) and re.fullmatch(r"[\w-]+(\.[\w-]+)*", name) for name in value
    )


_RESTRICTION_LIST = f"a list of some of {', '.join(RESTRICTIONS)}"


class _Rule(NamedTuple):
    """What a setting must be, and how it is seen."""

    check: Callable[[Any], bool]
    wanted: str
    seen: Callable[[Any], Any]
    is_secret: bool = False
    """A wrong value is not told: it may be one that was meant to stand elsewhere."""


_RULES: Mapping[str, _Rule] = {
    "store": _Rule(
        lambda value: isinstance(value, str) and bool(value.strip()),
        "a database address such as sqlite:///news.db",
        _without_password,
    ),
    "contact": _Rule(
        lambda value: isinstance(value, str) and value.isprintable(),
        "an e-mail address or the address of a page, on one line",
        _as_it_is,
    ),
    "archive": _Rule(
        lambda value: isinstance(value, str) and value.isprintable(),
        "a folder, an address such as s3://bucket/archive, or empty for none",
        _without_password,
    ),
    "archive_listings": _Rule(lambda value: isinstance(value, bool), "true or false", _as_it_is),
    "layouts": _Rule(lambda value: isinstance(value, bool), "true or false", _as_it_is),
    "images": _Rule(lambda value: value in {"", "lead"}, '"lead", or empty for none', _as_it_is),
    "no_capture_of": _Rule(_is_restrictions, _RESTRICTION_LIST, _as_it_is),
    "no_article_of": _Rule(_is_restrictions, _RESTRICTION_LIST, _as_it_is),
    "allowed_networks": _Rule(_is_networks, 'a list of networks, such as ["10.1.0.0/16"]', _as_it_is),
    "web_names": _Rule(
        _is_host_names, 'a list of host names without port, such as ["news.example"]', _as_it_is
    ),
    "web_trusted_proxies": _Rule(
        _is_networks, 'a list of addresses or networks, such as ["127.0.0.1"]', _as_it_is
    ),
    "refetch_hours": _Rule(
        _is_hours, "a list of ascending numbers of hours above 0, such as [1, 6, 24, 168]", _as_it_is
    ),
    "workers": _Rule(
        lambda value: isinstance(value, int) and not isinstance(value, bool) and value >= 0,
        "a whole number from 0",
        _as_it_is,
    ),
    "log_level": _Rule(
        lambda value: isinstance(value, str) and value.upper() in LEVELS,
        f"one of {', '.join(LEVELS)}",
        _as_it_is,
    ),
    "access": _Rule(
        _is_access,
        'tables such as [access.paper] with Cookie = {env = "PAPER_COOKIE"} or {file = "/run/secrets/paper"}',
        _as_it_is,
        is_secret=True,
    ),
    "jobs": _Rule(
        lambda value: isinstance(value, dict),
        'tables such as [jobs.paper] with every = "30m"',
        _masked_texts,
    ),
    "alarms": _Rule(
        lambda value: isinstance(value, dict),
        'a table such as [alarms] with webhook = "https://…"',
        _seen_by(ALARM_KEYS),
    ),
    "changes": _Rule(
        lambda value: isinstance(value, dict),
        'a table such as [changes] with webhook = "https://…" and secret = {env = "NEWS_WEBHOOK_SECRET"}',
        _seen_by(CHANGES_KEYS),
        is_secret=True,
    ),
}
"""A setting without a row can be neither set nor seen."""
