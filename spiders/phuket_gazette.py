from scraper.crawl.spider import NewsSpider
from scraper.model import Site


class PhuketGazetteSpider(NewsSpider):
    """Phuket Gazette: news of a Thai island, with reports of agencies for its foreign residents."""

    site = Site(
        name="phuket_gazette",
        publisher="Phuket Gazette",
        text_markers=("Phuket Gazette",),
        domains=("phuketgazette.net",),
        home="http://www.phuketgazette.net/",
        articles=(r"/(?:news/\w+|business|property|lifestyle|sport|opinion)/[^/]*-[^/]*/$",),
        language="en",
        timezone="Asia/Bangkok",
    )
