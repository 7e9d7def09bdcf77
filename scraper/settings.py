"""Scrapy's settings: values only, each with its reason. Any of them can be overridden with -s NAME=VALUE."""

BOT_NAME = "news-scraper"
SPIDER_MODULES = ["spiders"]
NEWSPIDER_MODULE = "spiders"
ADDONS = {"scraper.crawl.addon.NewsAddon": 500}  # extraction, storing and the user agent (with NEWS_CONTACT)

# politeness: a news site must not notice us
ROBOTSTXT_OBEY = True
ROBOTSTXT_USER_AGENT = (
    "news-scraper"  # the product token that a robots.txt names, without version and contact
)
CONCURRENT_REQUESTS_PER_DOMAIN = 1  # what a reader does
DOWNLOAD_DELAY = 1.0  # seconds between requests to a host; a crawl-delay in robots.txt raises it
DOWNLOAD_DELAY_JITTER = 0.0  # half of a crawl-delay would break it
AUTOTHROTTLE_ENABLED = True  # a slow answer means a busy server: wait longer
AUTOTHROTTLE_START_DELAY = 1.0
AUTOTHROTTLE_MAX_DELAY = 60.0
AUTOTHROTTLE_TARGET_CONCURRENCY = 1.0
CONCURRENT_REQUESTS = 8  # one site a crawl: more would only wait in the downloader, in front of feeds
COOKIES_ENABLED = False  # a public page needs none; consent walls track by them
REFERRER_POLICY = "no-referrer"  # where we found a page is nobody's business

# limits: nothing endless, nothing huge
DOWNLOAD_TIMEOUT = 30  # seconds; Scrapy's 180 let one dead server hold a crawl for 9 minutes with retries
DOWNLOAD_MAXSIZE = 10_000_000  # bytes, unpacked: the largest of 1,558 real news pages had 5.3 MB
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_FAIL_ON_DATALOSS = True  # a cut page must not become a cut article
CONCURRENT_ITEMS = 1  # a response gives one page; Scrapy makes so many tasks for every response
SCRAPER_SLOT_MAX_ACTIVE_SIZE = 20_000_000  # bytes of pages between download and commit
REDIRECT_MAX_TIMES = 5  # what RFC 9309 asks for robots.txt, enough for http → https → www → slash
METAREFRESH_ENABLED = False  # decodes every page in the event loop
RETRY_TIMES = 2
RETRY_GIVE_UP_LOG_LEVEL = "INFO"  # every failure is counted and logged by cause anyway
DNS_TIMEOUT = 15
URLLENGTH_LIMIT = 2083

# safety: only the web, only true certificates, no doors into this process
DOWNLOAD_VERIFY_CERTIFICATES = True
DOWNLOAD_HANDLERS = {"file": None, "ftp": None, "s3": None, "data": None}
TELNETCONSOLE_ENABLED = False  # runs Python for whoever connects
REMOTE_CONTROL_ENABLED = False  # the same over HTTP
HTTPPROXY_ENABLED = False  # a proxy connects where it likes; set it where the network is left by one only
TWISTED_DNS_RESOLVER = "scraper.crawl.network.PublicResolver"  # what it finds is what is connected to

DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,  # drops redirects silently
    "scraper.crawl.network.PublicOnly": 40,
    "scraper.crawl.courtesy.Offsite": 50,
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,  # allows all while robots.txt is down
    "scraper.crawl.courtesy.Robots": 100,
    "scraper.crawl.archiving.Archive": 950,  # sees what was sent, before anything unpacks or redirects
}
EXTENSIONS = {
    "scrapy.extensions.throttle.AutoThrottle": None,  # forgets the crawl-delay
    "scraper.crawl.courtesy.Throttle": 0,
}

# what is said while it runs
LOG_LEVEL = "INFO"
LOGSTATS_INTERVAL = 60.0
FEED_EXPORT_ENCODING = "utf-8"
