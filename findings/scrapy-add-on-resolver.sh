#!/usr/bin/env bash
# Library: Scrapy 2.19.0, add-ons.
# Behaviour: an add-on that sets TWISTED_DNS_RESOLVER in update_settings() changes the settings of its crawl and nothing else:
# the resolver is made from the settings of the process, which only update_pre_crawler_settings() reaches. No warning is logged.
# Expected by most: the one method of an add-on that every example shows reaches every setting, as it does for pipelines,
# middlewares and handlers.
# Source: seen by running; scrapy/crawler.py of 2.19.0, CrawlerRunnerBase.__init__ and CrawlerProcessBase._setup_reactor.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install -q --disable-pip-version-check scrapy==2.19.0
cat > "$folder/show.py" <<'PYTHON'
import sys

import scrapy
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.resolver import CachingThreadedResolver


class Own(CachingThreadedResolver):
    """A resolver of one's own."""


class Late:
    def update_settings(self, settings):
        settings.set("TWISTED_DNS_RESOLVER", "__main__.Own", priority="addon")


class Early(Late):
    @classmethod
    def update_pre_crawler_settings(cls, settings):
        settings.set("TWISTED_DNS_RESOLVER", "__main__.Own", priority="addon")


class Paper(scrapy.Spider):
    name = "paper"
    start_urls = ["data:text/plain,hello"]

    def parse(self, response):
        from twisted.internet import reactor

        print("setting", self.settings["TWISTED_DNS_RESOLVER"], "resolver", type(reactor.nameResolver._simpleResolver).__name__)


process = AsyncCrawlerProcess({"ADDONS": {f"__main__.{sys.argv[1]}": 500}, "LOG_ENABLED": False, "TELNETCONSOLE_ENABLED": False})
process.crawl(Paper)
process.start()
PYTHON
cat > "$folder/expected" <<'SEEN'
Late setting __main__.Own resolver CachingThreadedResolver
Early setting __main__.Own resolver Own
SEEN
for addon in Late Early; do
    echo "$addon $("$folder/venv/bin/python" "$folder/show.py" "$addon")"
done | tee "$folder/seen"
diff "$folder/expected" "$folder/seen" || { echo "it changed" >&2; exit 1; }
