from scraper.crawl.spider import NewsSpider
from scraper.model import Site


class NizkorSpider(NewsSpider):
    """Equipo Nizkor: human rights documents and reprinted reports, in English and Spanish."""

    site = Site(
        name="nizkor",
        publisher="Equipo Nizkor",
        text_markers=("Equipo Nizkor",),
        domains=("derechos.org",),
        home="http://www.derechos.org/nizkor/",
        sections=("http://www.derechos.org/nizkor/new.html",),
        articles=(r"/nizkor/.+/doc/[^/]+\.html$",),
        encoding="windows-1252",
    )
