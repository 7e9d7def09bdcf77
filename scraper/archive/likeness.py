"""A redacted page from which the extractor makes the same: the same fields, lines and shapes, other words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from scraper.archive.redact import read_redaction, usual_words
from scraper.archive.truth import truth_of
from scraper.errors import InputError
from scraper.extract.decode import decode
from scraper.model import Article

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from scraper.archive.redact import Redaction
    from scraper.model import Page, Rejection, Site

    Extract = Callable[[Page], Article | Rejection]

_EXACT = {
    *("kind", "reason", "language", "canonical_url", "published", "modified", "created", "source_date"),
    *("license_url", "agencies", "date", "url"),
}
"""Parts of a record that are no words of the page: they must be the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Redacted:
    """A page with other words, and those of its own that had to stay."""

    page: Page
    kept: tuple[str, ...]


def redact(page: Page, site: Site, extract: Extract) -> Redacted:
    """Return the page with as many words replaced as leave what is extracted from it the same in structure.

    Grammar, months, agencies and the publisher stay; so does a word on which a decision hangs, such as that
    of a label. InputError for a page that is not text.
    """
    text, encoding = decode(page.content, content_type=page.content_type, default=site.encoding)
    redaction = read_redaction(text)
    wanted = extract(page)
    language = wanted.language if isinstance(wanted, Article) else site.language
    usual = usual_words(language, site.publisher)
    search = _Search(redaction, usual, page, encoding, extract)
    if not search.fits(frozenset(redaction.words), structure(wanted)):
        raise InputError(f"{page.url}: cannot be redacted: it reads otherwise once it is written again")
    search.settle([word for word in redaction.words if word not in usual], structure(wanted))
    return Redacted(page=search.page_with(usual | search.kept), kept=tuple(sorted(search.kept)))


def structure(outcome: Article | Rejection) -> Any:  # noqa: ANN401 - JSON has no narrower type
    """Return what is extracted without its words: each letter became one of two."""
    return _shape(truth_of(outcome))


def _shape(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, dict):
        return {key: item if key in _EXACT else _shape(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_shape(item) for item in value]
    if isinstance(value, str):
        return "".join(("A" if sign.isupper() else "a") if sign.isalpha() else sign for sign in value)
    return value


class _Search:
    """Finds the words that must stay, by halves: few do, so that most are cleared many at once."""

    def __init__(
        self, redaction: Redaction, usual: frozenset[str], page: Page, encoding: str, extract: Extract
    ) -> None:
        self._redaction, self._usual = redaction, usual
        self._page, self._encoding, self._extract = page, encoding, extract
        self.kept = frozenset(redaction.words) - usual

    def settle(self, words: Sequence[str], wanted: Any) -> None:  # noqa: ANN401
        """Let go of as many of the words as can be."""
        if not words:
            return
        fewer = self.kept.difference(words)
        if self.fits(self._usual | fewer, wanted):
            self.kept = fewer
        elif len(words) > 1:
            half = len(words) // 2
            self.settle(words[:half], wanted)
            self.settle(words[half:], wanted)

    def fits(self, kept: frozenset[str], wanted: Any) -> bool:  # noqa: ANN401
        """Return whether the page with only these words left gives what is wanted."""
        return bool(structure(self._extract(self.page_with(kept))) == wanted)

    def page_with(self, kept: frozenset[str]) -> Page:
        """Return the page with only these words left."""
        text = self._redaction.render(kept)
        return replace(self._page, content=text.encode(self._encoding, "xmlcharrefreplace"))
