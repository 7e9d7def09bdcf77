"""A crawl of a site by the code on the path, which may be an earlier version; run by bench.browser."""

from __future__ import annotations

import json
import resource
import sys
import tempfile

from scraper.crawl.download.loopback import loopback_settings
from scraper.crawl.run import Crawl, run_crawls

if __name__ == "__main__":
    port, target, render = int(sys.argv[1]), sys.argv[2], sys.argv[3] == "render"
    with tempfile.TemporaryDirectory() as folder:
        settings = {
            **loopback_settings(port),
            "NEWS_STORE": f"sqlite:///{folder}/news.db",
            "NEWS_WORKERS": 1,
            "NEWS_ARCHIVE": f"{folder}/archive",
            "LOG_LEVEL": "ERROR",
            "STATS_DUMP": False,
            "SPIDER_MODULES": [],
            **({"NEWS_RENDER": True} if render else {}),
        }
        (ended,) = run_crawls([Crawl(target=target)], settings)
    spent = [resource.getrusage(each) for each in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    cpu = sum(each.ru_utime + each.ru_stime for each in spent)
    print(json.dumps({"counts": dict(ended.counts), "cpu": cpu, "modules": sorted(sys.modules)}))
