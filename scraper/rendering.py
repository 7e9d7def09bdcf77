"""What a site lets a browser do to make its pages; a Site has it as `rendering`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendering:
    """What a browser may do and load to make the pages of a site; CSS selectors name elements."""

    hosts: tuple[str, ...] = ()
    """Of others, from which scripts and data may come; their subdomains belong to them."""
    consent: str | None = None
    """What is pressed once, before anything else, where it is there; None leaves consent overlays alone."""
    buttons: tuple[str, ...] = ()
    """What is pressed for as long as it is there, such as "read more"."""
    most_presses: int = 10
    """Of all buttons of a page."""
    scrolls: int = 0
    """How often a page is scrolled to its end, for as long as it grows by that."""
