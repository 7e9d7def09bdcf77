"""The Scrapy project around the working directory: its settings and spiders, and below them our own."""

from __future__ import annotations

import logging
import os
import sys
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any, Self

from scrapy.settings import SETTINGS_PRIORITIES, Settings
from scrapy.utils.conf import closest_scrapy_cfg
from scrapy.utils.project import ENVVAR, get_project_settings
from scrapy.utils.spider import iter_spider_classes

from scraper.errors import ConfigError
from scraper.shipped import SHIPPED_SPIDERS, shipped_folder

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from types import ModuleType

    from scrapy import Request, Spider
    from scrapy.settings import BaseSettings

logger = logging.getLogger(__name__)

_SPIDERS = "spiders"
_PROJECT = SETTINGS_PRIORITIES["project"]


def project_settings() -> Settings:
    """Return scraper.settings, and above them those of the project around the working directory.

    Where a setting holds components (middlewares, add-ons …), the project's are added to ours, and None takes
    one away. ConfigError where the project's settings cannot be imported.
    """
    settings = Settings()
    settings.setmodule("scraper.settings", priority="project")
    for name, value in _own_settings().items():
        ours = settings[name]
        is_added = hasattr(value, "items") and hasattr(ours, "items")
        settings.set(name, {**ours, **value} if is_added else value, priority="project")
    return settings


def spider_folder() -> Path:
    """Return where the project around the working directory keeps its spiders. ConfigError outside of one."""
    if not closest_scrapy_cfg():
        raise ConfigError("there is no scrapy.cfg here: scraper init makes a project for spiders to stand in")
    module = project_settings()["NEWSPIDER_MODULE"]
    folder = project_folder() / Path(*module.split("."))
    if not folder.is_dir():
        raise ConfigError(f"{folder} is missing: NEWSPIDER_MODULE names {module}")
    return folder


def project_folder() -> Path:
    """Return the folder of the closest scrapy.cfg, else the working directory."""
    found = closest_scrapy_cfg()
    return Path(found).parent if found else Path.cwd()


class ProjectSpiders:
    """Scrapy's spider loader: the spiders of SPIDER_MODULES, and the shipped ones whose names are free.

    A module that cannot be imported costs its own spiders and is told; Scrapy's own loader ends there.
    """

    def __init__(self, settings: BaseSettings) -> None:
        """Load the spiders; where SPIDER_MODULES names none, those of the project's folder "spiders"."""
        self.broken: dict[str, str] = {}
        """Module → why it cannot be imported."""
        self._spiders: dict[str, type[Spider]] = {}
        here = project_folder()
        _import_first_from(here)
        is_there = (here / _SPIDERS).is_dir()
        for module in settings.getlist("SPIDER_MODULES") or ([_SPIDERS] if is_there else []):
            self._load(module)
        if not (is_there and shipped_folder(_SPIDERS).samefile(here / _SPIDERS)):  # a checkout has them
            self._load(SHIPPED_SPIDERS)

    @classmethod
    def from_settings(cls, settings: BaseSettings) -> Self:
        """Return the loader that a project's settings ask for."""
        return cls(settings)

    def load(self, spider_name: str) -> type[Spider]:
        """Return a spider by its name. Raises KeyError, as Scrapy's own loader does."""
        try:
            return self._spiders[spider_name]
        except KeyError:
            raise KeyError(f"Spider not found: {spider_name}") from None

    def find_by_request(self, request: Request) -> Sequence[str]:
        """Return the names of the spiders whose site an address belongs to."""
        return [name for name in self.list() if self._spiders[name].handles_request(request)]

    def list(self) -> Sequence[str]:
        """Return the names of the spiders."""
        return sorted(self._spiders)

    def _load(self, name: str) -> None:
        """Add the spiders of a module and of those below it, as far as their names are free."""
        try:
            module = import_module(name)
        except Exception as error:  # noqa: BLE001 - whatever somebody's module does when it is imported
            self.broken[name] = f"{type(error).__name__}: {error}"
            logger.warning("the spiders of %s are left out, %s", name, self.broken[name])
            return
        for spider in iter_spider_classes(module):
            self._spiders.setdefault(spider.name, spider)
        for below in _below(module):
            self._load(below)


def _below(module: ModuleType) -> Iterator[str]:
    for found in iter_modules(getattr(module, "__path__", ()), f"{module.__name__}."):
        yield found.name


def _own_settings() -> Mapping[str, Any]:
    """Return what the project's own module sets, and the environment's SCRAPY_NAME."""
    _import_first_from(project_folder())
    had = os.environ.get(ENVVAR)
    try:
        found = get_project_settings()
    except Exception as error:  # whatever somebody's settings do when they are imported
        told = f"the settings {os.environ.get(ENVVAR)} cannot be imported, {type(error).__name__}: {error}"
        raise ConfigError(f"{closest_scrapy_cfg() or ENVVAR}: {told}") from error
    finally:
        if had is None:  # which it leaves set, for every process that is started later to stumble over
            os.environ.pop(ENVVAR, None)
    return {name: found[name] for name in found if found.getpriority(name) == _PROJECT}


def _import_first_from(folder: Path) -> None:
    """Let a project's modules be found before others of their names; Scrapy itself puts them last."""
    if sys.path[:1] != [str(folder)]:
        sys.path.insert(0, str(folder))
