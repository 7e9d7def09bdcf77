"""Scrapy's settings: values only, each with its reason. Any of them can be overridden with -s NAME=VALUE."""

BOT_NAME = "news-scraper"
SPIDER_LOADER_CLASS = "scraper.crawl.project.ProjectSpiders"  # the project's spiders, below them the shipped
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
CONCURRENT_REQUESTS = 32  # of all hosts: 16 may hang, since each has room for one and one behind it
SCHEDULER_PRIORITY_QUEUE = "scraper.crawl.courtesy.hosts.FairQueue"  # lets no more of a host in
COOKIES_ENABLED = False  # a public page needs none; consent walls track by them
REFERRER_POLICY = "no-referrer"  # where we found a page is nobody's business

# limits: nothing endless, nothing huge
DOWNLOAD_TIMEOUT = 30  # seconds for all of an answer; Scrapy's 180 let one dead server hold a crawl 9 minutes
DOWNLOAD_MAXSIZE = 10_000_000  # bytes, unpacked: the largest of 1,558 real news pages had 5.3 MB
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_FAIL_ON_DATALOSS = True  # a cut page must not become a cut article
CONCURRENT_ITEMS = 1  # a response gives one page; Scrapy makes so many tasks for every response
SCRAPER_SLOT_MAX_ACTIVE_SIZE = 20_000_000  # bytes of pages between download and commit
REDIRECT_MAX_TIMES = 5  # what RFC 9309 asks for robots.txt, enough for http → https → www → slash
METAREFRESH_MAXDELAY = 10  # seconds: pages that load themselves again wait for minutes
RETRY_TIMES = 2  # what does not pass in three tries is left to the next crawl
RETRY_HTTP_CODES = [408, 429, 500, 502, 503, 504, 522, 524]  # what may pass; Retry-After and backoff say when
NEWS_BACKOFF = 5.0  # seconds before the second try, doubled before each further one, half of it by chance
NEWS_LONGEST_WAIT = 120.0  # seconds a request waits for a host; what is longer is left to a later crawl
NEWS_HOST_BUDGET = 50_000  # pages a host is asked for in one crawl: 14 hours at one a second
NEWS_RUN = ""  # of a crawl that a supervisor started: the id of its run
NEWS_STORE_WAIT = 60.0  # seconds a crawl waits for a database that is down; PostgreSQL restarts in a few
RETRY_GIVE_UP_LOG_LEVEL = "INFO"  # every failure is counted and logged by cause anyway
DNS_TIMEOUT = 15
URLLENGTH_LIMIT = 2083

# pages that a browser makes: those of sites that declare it
NEWS_RENDER = False  # all pages and sections, whatever the site declares; scraper crawl --render
NEWS_RENDER_QUIET = 0.7  # seconds without a request or a change, by the page's own clock: then it is made
NEWS_RENDER_SECONDS = 15.0  # of a page while it waits for no answer: a script that never ends has no more
NEWS_RENDER_LONGEST = 120.0  # seconds of a page in all: its requests wait for their host's turn as any other
NEWS_RENDER_REQUESTS = 60  # of a page, beside the scripts that the pages of a site share
NEWS_RENDER_SIZE = 20_000_000  # bytes that a page asks for, and characters that it becomes
NEWS_RENDER_PAGES = 50  # after which the site's context is made anew: what pages leave behind is gone
NEWS_RENDER_MEMORY = 400  # megabytes after which the browser is started anew; it begins with 300

# safety: only the web, only true certificates, no doors into this process
DOWNLOAD_VERIFY_CERTIFICATES = True
DOWNLOAD_HANDLERS = {
    "http": "scraper.crawl.download.handler.BoundedHandler",  # Twisted reads headers without end
    "https": "scraper.crawl.download.handler.BoundedHandler",
    **dict.fromkeys(("file", "ftp", "s3", "data")),
}
TELNETCONSOLE_ENABLED = False  # runs Python for whoever connects
REMOTE_CONTROL_ENABLED = False  # the same over HTTP
HTTPPROXY_ENABLED = False  # a proxy connects where it likes; set it where the network is left by one only
TWISTED_DNS_RESOLVER = (
    "scraper.crawl.download.public_only.PublicResolver"  # what it finds is what is connected to
)

DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,  # drops redirects silently
    "scraper.crawl.download.access.UserInfo": 30,  # before robots.txt is asked for
    "scraper.crawl.download.public_only.PublicOnly": 40,
    "scraper.crawl.courtesy.delays.Offsite": 50,
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,  # allows all while robots.txt is down
    "scraper.crawl.discovery.traps.Traps": 60,
    "scraper.crawl.courtesy.robots.Robots": 100,
    "scraper.crawl.rendering.renderer.Renderer": 500,  # sees what is whole, unpacked and leads nowhere else
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,  # tries again at once
    "scraper.crawl.download.retry.Patience": 550,
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,  # takes cut for whole
    "scraper.crawl.download.whole_body.Decoding": 590,
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,  # raises for an address that is none
    "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware": None,  # decodes every page
    "scraper.crawl.courtesy.delays.Refreshes": 580,
    "scraper.crawl.courtesy.delays.Redirects": 600,
    "scraper.crawl.download.access.Access": 940,  # after all that makes or redirects requests
    "scraper.crawl.download.archiving.Archive": 950,  # sees what was sent before it is unpacked or redirected
    "scraper.crawl.courtesy.hosts.Hosts": 960,  # waits right before the network
}
EXTENSIONS = {
    "scrapy.extensions.throttle.AutoThrottle": None,  # forgets the crawl-delay
    "scraper.crawl.courtesy.delays.Throttle": 0,
}

# what is said while it runs
LOG_LEVEL = "INFO"
LOGSTATS_INTERVAL = 60.0
FEED_EXPORT_ENCODING = "utf-8"
