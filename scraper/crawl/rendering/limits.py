"""How much a page that a browser makes may take."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderLimits:
    """The settings that begin with NEWS_RENDER_, where each has its reason."""

    quiet: float
    """Seconds without a request or a change after which a page is made."""
    seconds: float
    """That a page may take while no answer is under way …"""
    longest: float
    """… and in all, with what its answers wait for the turn of their hosts."""
    requests: int
    """Of a page."""
    size: int
    """Bytes of what a page asks for, and of the page that it becomes."""
    pages: int
    """After which a site's context is made anew."""
    memory: int
    """Megabytes after which the browser is started anew."""

    @classmethod
    def of(cls, settings: BaseSettings) -> Self:
        """Return what the settings say."""
        return cls(
            quiet=settings.getfloat("NEWS_RENDER_QUIET"),
            seconds=settings.getfloat("NEWS_RENDER_SECONDS"),
            longest=settings.getfloat("NEWS_RENDER_LONGEST"),
            requests=settings.getint("NEWS_RENDER_REQUESTS"),
            size=settings.getint("NEWS_RENDER_SIZE"),
            pages=settings.getint("NEWS_RENDER_PAGES"),
            memory=settings.getint("NEWS_RENDER_MEMORY"),
        )
