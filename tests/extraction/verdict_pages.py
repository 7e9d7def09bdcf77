"""Invented pages of every kind, in markup as sites and their providers write it."""

from __future__ import annotations

from typing import NamedTuple

from scraper.model import Kind


class Case(NamedTuple):
    name: str
    kind: Kind
    html: str
    url: str = "https://news.example/2024/05/20/a-page"
    status: int = 200


def html(title: str, body: str, *, head: str = "", attributes: str = "", lang: str = "en") -> str:
    return (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>{title}</title>{head}</head>'
        f"<body {attributes}>{body}</body></html>"
    )


def nav(*words: str) -> str:
    items = "".join(f'<li><a href="/{number}">{word}</a></li>' for number, word in enumerate(words))
    return f"<header><nav><ul>{items}</ul></nav></header>"


NAV = nav("Home", "World", "Politics", "Business", "Culture", "Sport", "Weather", "Subscribe", "Log in")
FOOTER = (
    "<footer><p>Copyright 2024 The Harbour Times. All rights reserved.</p><ul><li><a href='/privacy'>Privacy policy</a></li>"
    "<li><a href='/terms'>Terms</a></li><li><a href='/contact'>Contact us</a></li></ul></footer>"
)
PLACES = (
    "Norrby",
    "Valdoro",
    "Quillton",
    "Harsk",
    "Mirepont",
    "Ostrava Bay",
    "Lindel",
    "Teresk",
    "Camborne",
    "Saltow",
)
PARAGRAPHS = tuple(
    f"The council of {place} voted on Monday to rebuild the old ferry landing, after engineers warned that its timbers "
    f"would not last another winter. Residents had asked for the work since the flood, and the mayor said that the first "
    f"boats should call there again before the summer ends."
    for place in PLACES
)
HEADLINES = tuple(f"Ferry landing of {place} to be rebuilt before the summer ends" for place in PLACES)


def article(paragraphs: int = 5, *, head: str = "", extra: str = "") -> str:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS[:paragraphs])
    return html(
        "Old ferry landing will be rebuilt, council decides | The Harbour Times",
        f"{NAV}<main><article><h1>Old ferry landing will be rebuilt, council decides</h1><p class='byline'>By Ada Quist</p>{text}{extra}</article></main>{FOOTER}",
        head=head,
    )


def json_ld(value: str) -> str:
    return f'<script type="application/ld+json">{value}</script>'


NEWS = json_ld(
    '{"@context": "https://schema.org", "@type": "NewsArticle", "headline": "Old ferry landing will be rebuilt"}'
)
NOT_FREE = json_ld(
    '{"@type": "NewsArticle", "isAccessibleForFree": "False", "hasPart": {"@type": "WebPageElement", "isAccessibleForFree": false, "cssSelector": ".paid"}}'
)
ONETRUST = (
    '<div id="onetrust-consent-sdk"><div id="onetrust-banner-sdk"><h2>We value your privacy</h2><p>We and our 842 partners store and/or access '
    "information on a device, such as cookies, and process personal data. You may accept or manage your choices.</p>"
    '<button id="onetrust-accept-btn-handler">Accept all</button></div></div>'
)


def cards(times: int = 10, tag: str = "article") -> str:
    return "".join(
        f'<{tag} class="card"><a href="/2024/05/{number}"><h3>{HEADLINES[number % 10]}</h3></a><p>{PARAGRAPHS[number % 10][:130]}…</p><time>20 May</time></{tag}>'
        for number in range(times)
    )


def links(times: int = 30) -> str:
    return (
        "<ul>"
        + "".join(f'<li><a href="/news/{n}">{HEADLINES[n % 10]}</a></li>' for n in range(times))
        + "</ul>"
    )


ARTICLES = (
    Case("plain article", Kind.ARTICLE, article()),
    Case("article with a consent banner over it", Kind.ARTICLE, article(extra=ONETRUST)),
    Case("short wire item", Kind.ARTICLE, article(1, head=NEWS)),
    Case(
        "short item beside many headlines",
        Kind.ARTICLE,
        article(2, head=NEWS, extra=f"<aside><h2>More</h2>{links(12)}</aside>"),
    ),
    Case(
        "article with a login in its header",
        Kind.ARTICLE,
        article(extra="<form><input type=email><input type=password><button>Log in</button></form>"),
    ),
    Case(
        "article behind a loose protection script",
        Kind.ARTICLE,
        article(
            extra="<script src='/cdn-cgi/challenge-platform/scripts/jsd/main.js'></script><div class='g-recaptcha'></div>"
        ),
    ),
    Case(
        "full text marked as not free", Kind.ARTICLE, article(10, head=NOT_FREE.replace(".paid", ".byline"))
    ),
    Case(
        "article about error 404",
        Kind.ARTICLE,
        article(6).replace(
            "Old ferry landing will be rebuilt, council decides",
            "How error 404 became the page not found that everybody knows",
        ),
    ),
    Case(
        "article on a topic's address",
        Kind.ARTICLE,
        article(8),
        "https://news.example/tag/ferries/old-landing",
    ),
    Case(
        "review with a product's price",
        Kind.ARTICLE,
        article(
            6,
            head=NEWS
            + json_ld('{"@type": "Product", "name": "Lamp", "offers": {"@type": "Offer", "price": 12}}'),
        ),
    ),
)

STORED = (
    Case(
        "live blog by its type",
        Kind.LIVE_BLOG,
        article(6, head=json_ld('{"@type": "LiveBlogPosting", "headline": "Storm"}')),
    ),
    Case(
        "live blog by its clock",
        Kind.LIVE_BLOG,
        html(
            "Storm reaches the coast: live updates",
            f"{NAV}<main><h1>Storm reaches the coast: live updates</h1>"
            + "".join(
                f'<div class="live-blog-post"><time>{9 + n}:1{n}</time><p>{PARAGRAPHS[n]}</p></div>'
                for n in range(8)
            )
            + "</main>",
        ),
        "https://news.example/live/storm-reaches-the-coast",
    ),
    Case(
        "liveticker in German",
        Kind.LIVE_BLOG,
        html(
            "Liveticker: Sturm erreicht die Küste",
            "<h1>Liveticker: Sturm erreicht die Küste</h1>"
            + "".join(
                f"<div><p>1{n}:05 Uhr</p><p>Die Feuerwehr von Harsk rückte am Vormittag zu {n + 20} Einsätzen aus, meist wegen umgestürzter Bäume auf den Straßen.</p></div>"
                for n in range(8)
            ),
            lang="de",
        ),
    ),
    Case(
        "teaser cut by a paywall",
        Kind.TEASER,
        article(
            1, head=NOT_FREE, extra='<div class="paywall">Subscribe to continue reading this article.</div>'
        ),
    ),
    Case(
        "teaser without markup of it",
        Kind.TEASER,
        article(
            1,
            extra="<p>The rest of the plan is …</p><div class='tp-container-inner'><p>Already a subscriber? Log in to read the full story.</p></div>",
        ),
    ),
    *(
        Case(
            f"teaser that ends with {end!r}",
            Kind.TEASER,
            article(1, head=NOT_FREE, extra=f"<p>{PARAGRAPHS[1][:150]} …</p><p><a href='/abo'>{end}</a></p>"),
        )
        for end in (
            "Continue reading",
            "Weiterlesen",
            "Lire la suite",
            "Seguir leyendo",
            "Continua a leggere",
            "Lees verder",
            "Czytaj dalej",
            "Läs mer",
            "Читать далее",
            "続きを読む",
            "继续阅读",
            "اقرأ المزيد",
        )
    ),
)

LISTS = (
    Case(
        "section whose entries each describe themselves",
        Kind.LIST,
        html("Politics", f"{NAV}<h1>Politics</h1>{cards(12, 'div')}{FOOTER}", head=NEWS * 12),
        "https://news.example/politics",
    ),
    Case(
        "section front",
        Kind.LIST,
        html("World | The Harbour Times", f"{NAV}<main><h1>World</h1>{cards()}</main>{FOOTER}"),
        "https://news.example/world/",
    ),
    Case(
        "home page",
        Kind.LIST,
        html(
            "The Harbour Times - news, sport and weather",
            f"{NAV}<main>{cards(24, 'div')}{links()}</main>{FOOTER}",
        ),
        "https://news.example/",
    ),
    Case(
        "home page of headlines only",
        Kind.LIST,
        html("The Harbour Times", f"{NAV}{links(60)}{FOOTER}"),
        "https://news.example/index.html",
    ),
    Case(
        "WordPress category",
        Kind.LIST,
        html(
            "Ferries Archives - The Harbour Times",
            f'{NAV}<h1 class="page-title">Category: Ferries</h1>'
            + "".join(
                f'<div class="post"><h2 class="entry-title"><a href="/p{n}">{HEADLINES[n]}</a></h2><div class="entry-summary"><p>{PARAGRAPHS[n][:200]} [&hellip;]</p></div></div>'
                for n in range(8)
            )
            + '<nav class="pagination"><a rel="next" href="/category/ferries/page/2/">Older posts</a></nav>',
            attributes='class="archive category category-ferries"',
        ),
        "https://news.example/category/ferries/",
    ),
    Case(
        "search results",
        Kind.LIST,
        html(
            "You searched for ferry - The Harbour Times",
            f"{NAV}<h1>Search results for: ferry</h1>{cards(6, 'div')}",
            attributes='class="search search-results"',
        ),
        "https://news.example/?s=ferry",
    ),
    Case(
        "search without results",
        Kind.LIST,
        html(
            "Search results for qwxz",
            f"{NAV}<h1>Search results for qwxz</h1><p>Nothing matched your search terms.</p>{FOOTER}",
            attributes='class="search search-no-results"',
        ),
        "https://news.example/search?q=qwxz",
    ),
    Case(
        "topic page in German",
        Kind.LIST,
        html(
            "Hafen - aktuelle Nachrichten",
            f"<h1>Thema: Hafen</h1>{cards(12, 'li')}",
            lang="de",
            head='<meta property="og:type" content="website">',
        ),
        "https://zeitung.example/thema/hafen",
    ),
    Case(
        "rubric in French",
        Kind.LIST,
        html(
            "Politique : toute l'actualité",
            f"<h1>Politique</h1>{cards(9, 'section')}",
            lang="fr",
            head=json_ld('{"@type": "CollectionPage"}'),
        ),
        "https://journal.example/rubrique/politique",
    ),
    Case(
        "section in Japanese",
        Kind.LIST,
        html(
            "社会の新着ニュース一覧",
            "<h1>社会</h1><ul>"
            + "".join(
                f'<li><a href="/a{n}">港町で第{n}回の船祭りが始まり多くの市民が夜まで楽しんだ</a></li>'
                for n in range(25)
            )
            + "</ul>",
            lang="ja",
        ),
        "https://shimbun.example/society/",
    ),
    Case(
        "author page",
        Kind.LIST,
        html(
            "Ada Quist, Author at The Harbour Times",
            f"{NAV}<h1>Ada Quist</h1><p>Ada Quist writes about harbours.</p>{cards(8)}",
            attributes='class="archive author"',
            head=json_ld('{"@type": "ProfilePage"}'),
        ),
        "https://news.example/author/ada-quist/",
    ),
)

_DIDOMI = (
    '<div id="didomi-host"><div class="didomi-popup-notice"><h1>{0}</h1><p>{1}</p><button id="didomi-notice-agree-button">{2}</button><button>{3}</button></div></div>'
    '<script src="https://sdk.privacy-center.org/didomi.js"></script>'
)
CONSENTS = (
    Case(
        "OneTrust wall",
        Kind.CONSENT,
        html(
            "The Harbour Times",
            ONETRUST + '<script src="https://cdn.cookielaw.org/scripttemplates/otSDKStub.js"></script>',
        ),
        "https://news.example/2024/05/20/story",
    ),
    Case(
        "Sourcepoint wall, German pure subscription",
        Kind.CONSENT,
        html(
            "Hafenzeitung - Weiter mit Werbung oder Pur-Abo",
            '<div id="sp_message_container_1"><h1>Lesen Sie hafenzeitung.example mit Werbung</h1><p>Besuchen Sie hafenzeitung.example wie gewohnt mit Werbung und Tracking. '
            "Ihre Zustimmung ist jederzeit widerrufbar.</p><p>Wir und bis zu 210 Partner verarbeiten personenbezogene Daten auf Grundlage Ihrer Einwilligung.</p>"
            "<button>Akzeptieren und weiter</button><p>Mit dem Pur-Abo lesen Sie werbefrei.</p></div><script src='https://cdn.privacy-mgmt.com/wrapper.js'></script>",
            lang="de",
        ),
    ),
    Case(
        "Didomi wall in French",
        Kind.CONSENT,
        html(
            "Votre vie privée",
            _DIDOMI.format(
                "Le respect de votre vie privée est notre priorité",
                "Nous et nos 312 partenaires stockons et accédons à des informations sur un appareil, avec votre consentement.",
                "Accepter et fermer",
                "Continuer sans accepter",
            ),
            lang="fr",
        ),
    ),
    Case(
        "Didomi wall in Spanish",
        Kind.CONSENT,
        html(
            "El Puerto",
            _DIDOMI.format(
                "Tu privacidad es importante",
                "Con su consentimiento, nosotros y nuestros 104 socios usamos cookies y datos personales.",
                "Aceptar y continuar",
                "Rechazar",
            ),
            lang="es",
        ),
    ),
    Case(
        "wall in Italian",
        Kind.CONSENT,
        html(
            "Il Porto",
            _DIDOMI.format(
                "La tua privacy",
                "Noi e i nostri 250 fornitori archiviamo informazioni su un dispositivo, con il tuo consenso, e trattiamo dati personali.",
                "Accetta e continua",
                "Rifiuta tutto",
            ),
            lang="it",
        ),
    ),
    Case(
        "wall in Dutch",
        Kind.CONSENT,
        html(
            "Cookies op havenkrant.example",
            "<h1>Wij gebruiken cookies</h1><p>Wij en onze 90 partners gebruiken cookies en verwerken persoonsgegevens om advertenties te tonen. Geef je jouw toestemming?</p><button>Alles accepteren</button>",
            lang="nl",
        ),
        "https://myprivacy.havenkrant.example/consent?back=/a",
    ),
    Case(
        "wall in Polish",
        Kind.CONSENT,
        html(
            "Dbamy o Twoją prywatność",
            "<h1>Dbamy o Twoją prywatność</h1><p>My i nasi partnerzy przechowujemy informacje na urządzeniu i przetwarzamy dane za Twoją zgodą, w tym przetwarzanie danych osobowych.</p><button>Przejdź do serwisu</button>",
            lang="pl",
        ),
    ),
    Case(
        "search engine's wall",
        Kind.CONSENT,
        html(
            "Before you continue",
            "<h1>Before you continue to the site</h1><p>We use cookies and data to deliver and maintain services, and to show personalised ads depending on your settings.</p><form action='https://consent.google.com/save'><button>Accept all</button></form>",
        ),
        "https://consent.search.example/ml?continue=x",
    ),
    Case(
        "wall in Danish",
        Kind.CONSENT,
        html(
            "Samtykke",
            "<h1>Vi bruger cookies</h1><p>Vi og vores partnere anvender cookies og behandler personoplysninger til annoncer. Giv dit samtykke.</p><button>Accepter alle</button>",
            lang="da",
        ),
    ),
)

WALLS = (
    Case(
        "Cloudflare challenge",
        Kind.BOT_WALL,
        html(
            "Just a moment...",
            '<div class="main-wrapper"><h1>news.example</h1><h2 id="challenge-running">Checking if the site connection is secure</h2><noscript>Enable JavaScript and cookies to continue</noscript></div><script>window._cf_chl_opt={cvId:"3"};var s="/cdn-cgi/challenge-platform/h/b/orchestrate";</script>',
            head='<meta name="robots" content="noindex,nofollow">',
        ),
        status=403,
    ),
    Case(
        "Cloudflare challenge in German, 200",
        Kind.BOT_WALL,
        html(
            "Nur einen Moment…",
            '<noscript><div class="h2"><span id="challenge-error-text">Aktivieren Sie JavaScript und Cookies, um fortzufahren</span></div></noscript><script>(function(){window._cf_chl_opt={}})()</script>',
            lang="de",
        ),
    ),
    Case(
        "Cloudflare block",
        Kind.BOT_WALL,
        html(
            "Attention Required! | Cloudflare",
            '<div id="cf-wrapper"><div id="cf-error-details"><h1>Sorry, you have been blocked</h1><h2>You are unable to access news.example</h2><p>This website is using a security service to protect itself from online attacks. The action you just performed triggered the security solution.</p><p>Cloudflare Ray ID: 7d1 • Performance &amp; security by Cloudflare</p></div></div>',
        ),
        status=403,
    ),
    Case(
        "DataDome",
        Kind.BOT_WALL,
        html(
            "news.example",
            "<p id='cmsg'>Please enable JS and disable any ad blocker</p><script>var dd={'rt':'c','host':'geo.captcha-delivery.com'}</script><script src='https://ct.captcha-delivery.com/c.js'></script>",
        ),
        status=403,
    ),
    Case(
        "PerimeterX",
        Kind.BOT_WALL,
        html(
            "Access to this page has been denied",
            '<div class="px-captcha-container"><h1>Press &amp; Hold to confirm you are a human (and not a bot).</h1><div id="px-captcha"></div><p>Reference ID 5b7</p></div><script>window._pxAppId="PX1";</script>',
        ),
        status=200,
    ),
    Case(
        "Akamai",
        Kind.BOT_WALL,
        html(
            "Access Denied",
            '<h1>Access Denied</h1>You don\'t have permission to access "http://news.example/" on this server.<p>Reference #18.2f1a3717.1716</p><p>https://errors.edgesuite.net/18.2f1a</p>',
        ),
        status=403,
    ),
    Case(
        "Imperva",
        Kind.BOT_WALL,
        html(
            "",
            '<iframe id="main-iframe" src="/_Incapsula_Resource?CWUDNSAI=23&amp;incident_id=4">Request unsuccessful. Incapsula incident ID: 4</iframe>',
            head='<meta name="robots" content="noindex,nofollow">',
        ),
    ),
    Case(
        "Distil",
        Kind.BOT_WALL,
        html(
            "Pardon Our Interruption",
            "<h1>Pardon Our Interruption...</h1><p>As you were browsing something about your browser made us think you were a bot. There are a few reasons this might happen: you're a power user moving through this website with super-human speed; you've disabled cookies in your web browser.</p>",
        ),
    ),
    Case(
        "AWS WAF",
        Kind.BOT_WALL,
        html(
            "",
            "<div id='challenge-container'></div><noscript><h1>JavaScript is disabled</h1>In order to continue, we need to verify that you're not a robot. This requires JavaScript.</noscript>",
            head="<script>window.awsWafCookieDomainList=[];window.gokuProps={}</script><script src='https://x.token.awswaf.com/challenge.js'></script>",
        ),
        status=202,
    ),
    Case(
        "captcha in French",
        Kind.BOT_WALL,
        html(
            "Vérification de sécurité",
            "<h1>Vérifiez que vous êtes humain</h1><p>Nous avons détecté un trafic inhabituel. Veuillez activer JavaScript.</p><div class='h-captcha'></div><script src='https://js.hcaptcha.com/1/api.js'></script>",
            lang="fr",
        ),
    ),
    Case(
        "captcha in Russian",
        Kind.BOT_WALL,
        html(
            "Вы не робот?",
            "<h1>Подтвердите, что вы не робот</h1><p>Подозрительный трафик из вашей сети.</p><form><div class='g-recaptcha'></div></form>",
            lang="ru",
        ),
    ),
    Case(
        "check in Chinese",
        Kind.BOT_WALL,
        html("请稍候…", "<h1>正在验证您的浏览器</h1><p>请启用 JavaScript 和 Cookie 以继续。</p>", lang="zh"),
    ),
    Case(
        "check in Spanish",
        Kind.BOT_WALL,
        html(
            "Un momento…",
            "<h1>Verifique que es un ser humano</h1><p>Habilite JavaScript y las cookies para continuar</p><script src='https://challenges.cloudflare.com/turnstile/v0/api.js'></script>",
            lang="es",
        ),
        status=503,
    ),
    Case(
        "too many requests",
        Kind.BOT_WALL,
        html(
            "429 Too Many Requests",
            "<h1>Too many requests</h1><p>Your IP address has been rate limited. Please slow down.</p>",
        ),
        status=429,
    ),
)

_LOST = (
    (
        "en",
        "Page not found",
        "Sorry, the page you were looking for could not be found.",
        "It may have been moved or deleted.",
    ),
    (
        "de",
        "Seite nicht gefunden",
        "Die gewünschte Seite konnte leider nicht gefunden werden.",
        "Vielleicht hilft die Suche weiter.",
    ),
    (
        "fr",
        "Page introuvable",
        "La page que vous recherchez n'existe pas ou plus.",
        "Retournez à la page d'accueil.",
    ),
    (
        "es",
        "Página no encontrada",
        "Lo sentimos, la página que busca no existe.",
        "Puede volver a la portada.",
    ),
    (
        "it",
        "Pagina non trovata",
        "La pagina che stai cercando non esiste più.",
        "Torna alla pagina iniziale.",
    ),
    (
        "pt",
        "Página não encontrada",
        "A página que você procura não foi encontrada.",
        "Volte à página inicial.",
    ),
    ("nl", "Pagina niet gevonden", "Deze pagina bestaat niet meer.", "Ga naar de voorpagina."),
    ("pl", "Nie znaleziono strony", "Strona, której szukasz, nie istnieje.", "Wróć na stronę główną."),
    ("sv", "Sidan hittades inte", "Sidan du söker finns inte längre.", "Gå till startsidan."),
    (
        "ru",
        "Страница не найдена",
        "К сожалению, запрошенная страница не существует.",
        "Вернитесь на главную.",
    ),
    ("tr", "Sayfa bulunamadı", "Aradığınız sayfa mevcut değil.", "Ana sayfaya dönün."),
    ("zh", "页面不存在", "抱歉，您访问的页面不存在或已删除。", "返回首页"),
    ("ja", "ページが見つかりません", "お探しのページは見つかりませんでした。", "トップページへ"),
    ("ar", "الصفحة غير موجودة", "عذرا، الصفحة التي تبحث عنها غير موجودة.", "العودة إلى الرئيسية"),
)
ERRORS = (
    *(
        Case(
            f"soft 404 in {lang}",
            Kind.ERROR,
            html(
                f"{title} | Example",
                f"{NAV}<main><h1>{title}</h1><p>{line}</p><p>{more}</p></main>{FOOTER}",
                lang=lang,
            ),
        )
        for lang, title, line, more in _LOST
    ),
    *(
        Case(
            f"soft 404 with headlines in {lang}",
            Kind.ERROR,
            html(
                "Example",
                f"{NAV}<main class='error-404'><h1>{title}</h1><p>{line}</p><h2>Latest</h2>{links(8)}</main>{FOOTER}",
                lang=lang,
            ),
        )
        for lang, title, line, more in _LOST[:4]
    ),
    Case(
        "hard 404",
        Kind.ERROR,
        html("404 Not Found", "<center><h1>404 Not Found</h1></center><hr><center>nginx</center>"),
        status=404,
    ),
    Case(
        "server error",
        Kind.ERROR,
        html(
            "500 Internal Server Error",
            "<h1>Internal Server Error</h1><p>The server encountered an internal error.</p>",
        ),
        status=500,
    ),
    Case("bad gateway served as 200", Kind.ERROR, html("502 Bad Gateway", "<h1>502 Bad Gateway</h1>")),
    Case("an article's text under status 410", Kind.ERROR, article(), status=410),
    Case(
        "removed article",
        Kind.ERROR,
        html(
            "Article no longer available",
            f"{NAV}<h1>This article is no longer available</h1><p>The story you requested has been removed.</p>{FOOTER}",
        ),
    ),
)

EMPTIES = (
    Case(
        "application shell",
        Kind.EMPTY,
        html(
            "The Harbour Times",
            "<div id='root'></div><noscript>You need to enable JavaScript to run this app.</noscript><script src='/main.js'></script>",
        ),
    ),
    Case("no body", Kind.EMPTY, "<html><head><title>x</title></head></html>"),
    Case("nothing", Kind.EMPTY, ""),
    Case(
        "a picture alone", Kind.EMPTY, html("Photo of the day", "<img src='/a.jpg'><p>Photo of the day</p>")
    ),
)

_PRODUCT = json_ld(
    '{"@context": "https://schema.org/", "@type": "Product", "name": "Ship lamp", "offers": {"@type": "Offer", "price": "49.00", "priceCurrency": "EUR"}}'
)
NOT_NEWS = (
    Case(
        "product",
        Kind.NOT_NEWS,
        html(
            "Ship lamp, brass - Harbour Shop",
            f"{NAV}<h1>Ship lamp, brass</h1><p class='price'>€49.00</p><form class='add-to-cart'><button>Add to cart</button></form><p>{PARAGRAPHS[0]}</p><p>In stock. Free shipping.</p>",
            head=_PRODUCT,
        ),
        "https://shop.example/products/ship-lamp",
    ),
    Case(
        "product in German",
        Kind.NOT_NEWS,
        html(
            "Schiffslampe kaufen",
            "<h1>Schiffslampe aus Messing</h1><span itemprop='price' content='49'>49,00 €</span> inkl. MwSt. zzgl. Versand<button>In den Warenkorb</button><p>Die Lampe leuchtet auch bei Sturm zuverlässig und ist von Hand in Harsk gefertigt worden.</p>",
            lang="de",
            head='<meta property="og:type" content="product">',
        ),
    ),
    Case(
        "product in French, WooCommerce",
        Kind.NOT_NEWS,
        html(
            "Lampe de bateau",
            "<div class='product type-product'><h1 class='product_title'>Lampe de bateau</h1><button class='single_add_to_cart_button'>Ajouter au panier</button><p>En stock</p></div>",
            attributes="class='single-product woocommerce-page'",
            lang="fr",
        ),
    ),
    *(
        Case(
            f"login in {lang}",
            Kind.NOT_NEWS,
            html(
                title,
                f"{NAV}<h1>{title}</h1><form action='/session'><label>E-mail</label><input type='email' name='mail'><input type='password' name='pw'><button>{title}</button></form><a href='/pw'>{forgot}</a>",
                lang=lang,
            ),
            f"https://news.example/{path}",
        )
        for lang, title, forgot, path in (
            ("en", "Log in", "Forgot your password?", "login"),
            ("de", "Anmelden", "Passwort vergessen?", "konto/anmelden"),
            ("fr", "Se connecter", "Mot de passe oublié ?", "connexion"),
            ("es", "Iniciar sesión", "¿Olvidaste tu contraseña?", "acceso"),
            ("pl", "Zaloguj się", "Nie pamiętasz hasła?", "u/x"),
            ("ru", "Вход", "Забыли пароль?", "auth"),
            ("ja", "ログイン", "パスワードをお忘れの方", "member/x"),
        )
    ),
    Case(
        "contact form",
        Kind.NOT_NEWS,
        html(
            "Contact us | The Harbour Times",
            f"{NAV}<h1>Contact us</h1><p>Tell us what you think.</p><form><input name='name'><input type='email' name='mail'><textarea name='text'></textarea><button>Send</button></form>{FOOTER}",
        ),
        "https://news.example/contact",
    ),
    Case(
        "privacy policy",
        Kind.NOT_NEWS,
        html(
            "Privacy policy | The Harbour Times",
            f"{NAV}<h1>Privacy policy</h1><p>This policy explains which records the newspaper keeps about its readers and for how long it keeps them.</p>{FOOTER}",
        ),
        "https://news.example/privacy-policy",
    ),
    Case(
        "job offer",
        Kind.NOT_NEWS,
        html(
            "Deckhand wanted",
            f"{NAV}<h1>Deckhand wanted</h1><p>Apply now with your papers, and tell us on which ferries you have served.</p><form><input name=a><input name=b><input name=c></form>",
            head=json_ld('{"@type": "JobPosting"}'),
        ),
    ),
)

CASES = (*ARTICLES, *STORED, *LISTS, *CONSENTS, *WALLS, *ERRORS, *EMPTIES, *NOT_NEWS)
