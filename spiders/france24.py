from scraper.crawl.spider import NewsSpider
from scraper.model import Site


class France24Spider(NewsSpider):
    """France 24: international news in English, French, Spanish and Arabic."""

    site = Site(
        name="france24",
        publisher="France 24",
        text_markers=("Latest update : ", "Date created : "),
        domains=("france24.com",),
        home="https://www.france24.com/en/",
        articles=(r"/(?:en|fr|es|ar)/(?:[\w-]+/)?\d{8}-",),
        timezone="Europe/Paris",
    )
