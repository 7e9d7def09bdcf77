from __future__ import annotations

import dataclasses
import math
from datetime import UTC, datetime

import pytest

from scraper.extraction.article import examine, extract_article
from scraper.extraction.verdict.observations import observe
from scraper.extraction.verdict.signals import DETECTORS, sign_figures
from scraper.extraction.verdict.weights import load_weights
from scraper.extraction.verdict.witnesses import SAYS, hear, witness_figures
from scraper.model import Article, Hints, Kind, Page, Reason, Rejection, Site
from tests.extraction.verdict_pages import CASES, PARAGRAPHS, Case, article, html

SITE = Site(name="example")


def page(
    content: bytes,
    *,
    url: str | None = "https://news.example/a",
    status: int = 200,
    content_type: str | None = None,
) -> Page:
    moment = datetime(2024, 5, 20, tzinfo=UTC)
    return Page(url=url, content=content, status=status, content_type=content_type, fetched_at=moment)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_page_is_judged_as_what_it_is(case: Case) -> None:
    judgement = examine(page(case.html.encode(), url=case.url, status=case.status), SITE).judgement
    assert judgement.kind is case.kind or (case.kind is Kind.LIST and judgement.in_doubt), judgement
    assert judgement.in_doubt or 0.5 <= judgement.confidence <= 1
    assert judgement.evidence


def test_an_article_is_kept_and_its_text_is_there() -> None:
    result = extract_article(page(article().encode()), SITE)
    assert isinstance(result, Article)
    assert PARAGRAPHS[0] in result.body


def test_a_rejection_says_why_and_from_which_answer() -> None:
    result = extract_article(page(b"<title>404 Not Found</title><h1>404 Not Found</h1>", status=404), SITE)
    assert isinstance(result, Rejection)
    assert result.reason is Reason.ERROR
    assert result.kind is Kind.ERROR
    assert result.status == 404
    assert "404" in result.detail or "not found" in result.detail


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "PNG"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "PDF"),
        (b"\x1f\x8b\x08\x00" + bytes(range(256)), "gzip"),
        (b"PK\x03\x04" + bytes(range(256)), "zip"),
        (b"\xff\xd8\xff\xe0" + bytes(range(256)), "JPEG"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "WebP"),
        (b"\x00\x00\x00\x20ftypisom" + bytes(64), "MP4"),
        (bytes(5000), "binary"),
        (bytes(range(256)) * 20, "binary"),
        (b'{"title": "Ferry", "body": ["a"]}', "JSON"),
        (b"[1, 2, 3]", "JSON"),
        (b'<?xml version="1.0"?>\n<rss version="2.0"><channel></channel></rss>', "RSS"),
        (b'<feed xmlns="http://www.w3.org/2005/Atom"></feed>', "Atom"),
        (b'<?xml version="1.0"?><!-- made by x --><urlset></urlset>', "sitemap"),
        (b'<?xml version="1.0"?><nitf><body><p>Text</p></body></nitf>', "XML"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'></svg>", "SVG"),
    ],
)
def test_what_is_no_page_is_rejected_by_its_bytes(content: bytes, named: str) -> None:
    result = extract_article(page(content, content_type="text/html; charset=utf-8"), SITE)
    assert isinstance(result, Rejection)
    assert result.reason is Reason.NOT_HTML
    assert named in result.detail


@pytest.mark.parametrize(
    "content",
    [
        article().encode(),
        article().encode("utf-16"),
        b'<?xml version="1.0" encoding="utf-8"?>\n' + article().encode(),
        b"\xef\xbb\xbf\n\n" + article().encode(),
        article().replace("<h1>", "<h1>\x00").encode(),
    ],
    ids=["plain", "utf-16", "xhtml", "mark and white space", "a single NUL"],
)
def test_a_page_in_an_odd_wrapping_is_still_a_page(content: bytes) -> None:
    assert isinstance(extract_article(page(content, content_type="image/png"), SITE), Article)


def test_a_feed_served_with_status_404_is_no_page_either() -> None:
    result = extract_article(page(b"<rss></rss>", status=404), SITE)
    assert isinstance(result, Rejection)
    assert result.status == 404


def test_the_evidence_of_a_rejection_names_several_signals() -> None:
    lists = [case for case in CASES if case.kind is Kind.LIST]
    for case in lists:
        judgement = examine(page(case.html.encode(), url=case.url), SITE).judgement
        assert judgement.in_doubt or sum(weight > 0 for _, weight in judgement.signals) >= 2, case.name


SECTION = next(case for case in CASES if case.name == "WordPress category")


@pytest.mark.parametrize(
    ("hints", "reason"),
    [
        (None, Reason.LIST),
        (Hints(source="sitemap"), Reason.LIST),
        (Hints(source="feed"), None),
        (Hints(source="sitemap", title="Ferry", published="2024-05-20"), None),
    ],
)
def test_what_a_feed_or_news_sitemap_announced_is_kept_in_doubt(
    hints: Hints | None, reason: Reason | None
) -> None:
    announced = dataclasses.replace(page(SECTION.html.encode(), url=SECTION.url), hints=hints)
    judgement = examine(announced, SITE).judgement

    assert judgement.reason is reason
    assert judgement.in_doubt is (reason is None)
    assert reason or "announced" in judgement.evidence
    outcome = extract_article(announced, SITE)
    if isinstance(outcome, Article):
        verdict = outcome.verdict
        assert verdict is not None
        assert verdict.in_doubt
        assert verdict.confidence < 0.5
        spoken_for, _, against = verdict.evidence.partition("; but ")
        assert "announced" in spoken_for
        assert "its address is a section's" in against


@pytest.mark.parametrize(
    ("site", "reason"),
    [
        (Site(name="weblog"), Reason.LIST),
        (Site(name="weblog", articles=(r"/category/\w+",)), None),
        (Site(name="weblog", articles=(r"/category/\w+",), not_articles=(r"/category/",)), Reason.LIST),
        (Site(name="weblog", articles=(r"/\d{4}/",)), Reason.LIST),
        (Site(name="weblog", least_confidence=0.0), None),
        (Site(name="weblog", least_confidence=0.99), Reason.LIST),
    ],
)
def test_a_site_says_which_addresses_are_articles_and_how_much_doubt_it_bears(
    site: Site, reason: Reason | None
) -> None:
    outcome = extract_article(page(SECTION.html.encode(), url=SECTION.url), site)

    assert (outcome.reason if isinstance(outcome, Rejection) else None) is reason
    assert isinstance(outcome, Rejection) or (outcome.verdict and outcome.verdict.in_doubt)


def test_a_site_that_bears_all_doubt_keeps_a_ware_and_refuses_a_wall() -> None:
    bears = Site(name="market", least_confidence=0.0)
    ware = next(case for case in CASES if case.name == "product")
    wall = next(case for case in CASES if case.kind is Kind.BOT_WALL and case.status < 400)

    assert examine(page(ware.html.encode(), url=ware.url), SITE).judgement.reason is Reason.NOT_NEWS
    assert examine(page(ware.html.encode(), url=ware.url), bears).judgement.in_doubt
    assert examine(page(wall.html.encode(), url=wall.url), bears).judgement.reason is Reason.BOT_WALL


def test_every_sign_of_a_detector_has_a_weight() -> None:
    examined = examine(page(article().encode()), SITE)
    traits = observe(examined.document, examined.decisions, examined.metadata)

    weighed = {name: set(line.weights) for name, line in load_weights().detectors.items()}
    assert {name: set(figures) for name, figures in sign_figures(traits).items()} == weighed


def test_an_announced_wall_or_error_is_refused_all_the_same() -> None:
    hints = Hints(source="feed")
    lost = dataclasses.replace(page(b"<title>404 Not Found</title><h1>404 Not Found</h1>"), hints=hints)

    assert examine(lost, SITE).judgement.reason is Reason.ERROR


@pytest.mark.parametrize("number", ["404", "403", "500"])
def test_a_number_in_a_headline_makes_no_error_of_a_full_text(number: str) -> None:
    told = article().replace("<title>", f"<title>The museum of quarter {number} not found on any map: ", 1)

    assert examine(page(told.encode()), SITE).judgement.kind is Kind.ARTICLE


def test_a_short_item_with_a_headline_and_a_time_is_an_article() -> None:
    stamp = "<meta property='article:published_time' content='2024-05-20T08:00:00Z'>"
    brief = article(1, head=stamp)

    assert examine(
        page(brief.encode(), url="https://news.example/ferry-returns-to-old-landing"), SITE
    ).judgement.kind in {Kind.ARTICLE, Kind.TEASER}


def test_each_witness_speaks_once_and_in_words() -> None:
    for case in CASES:
        examination = examine(page(case.html.encode(), url=case.url), SITE)
        if examination.document.tree is not None:
            traits = observe(examination.document, examination.decisions, examination.metadata)
            opinion, figures = hear(traits, load_weights()), witness_figures(traits)
            of = {sentence: name.partition(" ")[0] for name, both in SAYS.items() for sentence in both}
            witnesses = [of[sentence] for sentence, _ in opinion.said]
            assert len(witnesses) == len(set(witnesses))
            assert set(figures) == set(SAYS)
            assert all(0 <= value <= 1 for value in figures.values()), case.name


def test_what_is_said_and_what_is_known_before_account_for_the_likelihood() -> None:
    for case in CASES:
        examination = examine(page(case.html.encode(), url=case.url), SITE)
        if examination.document.tree is not None:
            traits = observe(examination.document, examination.decisions, examination.metadata)
            opinion = hear(traits, load_weights())
            told = sum(weight for _, weight in (*opinion.said, opinion.prior))
            odds = math.log(opinion.likelihood / (1 - opinion.likelihood))
            left_out = 0.3 * 7  # what moves the odds by less than .3 is not told, of seven witnesses at most
            assert abs(told - odds) < left_out
            assert ("no author" in str(opinion.said)) <= (not traits.is_signed)


def test_many_comments_before_the_root_take_no_time() -> None:
    result = extract_article(page(b"<?xml?>" + b"<!---->" * 1100 + b"!"), SITE)
    assert isinstance(result, Rejection)


def test_every_kind_has_a_page_that_shows_it_and_what_tells_it() -> None:
    told_by_rules = {Kind.EMPTY, Kind.LIVE_BLOG, Kind.TEASER}
    told_by_witnesses = {Kind.ARTICLE, *load_weights().stories}
    detected = {detector.kind for detector in DETECTORS.values()}
    assert {case.kind for case in CASES} == set(Kind)
    assert told_by_rules | told_by_witnesses | detected == set(Kind)


@pytest.mark.parametrize("number", ["404", "500", "403"])
@pytest.mark.parametrize("paragraphs", [2, 5])
def test_a_text_whose_every_paragraph_names_a_number_is_no_error(number: str, paragraphs: int) -> None:
    lines = (
        "opened beside the old mill on Monday",
        "was repaired near the northern gate",
        "drew many visitors from the river villages",
        "will be discussed in the town hall",
        "cost less than the new tram line",
    )
    text = "".join(
        f"<p>The museum of quarter {number} {line}, said the council of the ward in its letter to the press.</p>"
        for line in lines[:paragraphs]
    )
    title = f"The museum of quarter {number}"
    head = "<meta property='article:published_time' content='2031-05-02T08:00:00Z'>"
    markup = f"<title>{title}</title>{head}<body><article><h1>{title}</h1>{text}</article></body>"
    assert isinstance(extract_article(page(markup.encode()), SITE), Article)


def declared(node: str, *, heading: str, head: str = "", name: str = "name") -> bytes:
    data = f'<script type="application/ld+json">{{"@type": {node}, "{name}": "{heading}"}}</script>'
    text = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS[:3])
    return html(
        f"{heading} - Harsk Radio",
        f"<main><h1>{heading}</h1><p>Closing date: 30 June 2031</p>{text}</main>",
        head=data + head,
    ).encode()


@pytest.mark.parametrize(
    ("node", "name", "heading", "reason"),
    [
        ('"JobPosting"', "title", "Lock keeper (night shifts)", Reason.NOT_NEWS),
        ('["Thing", "JobPosting"]', "title", "Chef de rang à l'hôtel du port", Reason.NOT_NEWS),
        ('"Event"', "name", "Eel Supper and Accordion Evening", Reason.NOT_NEWS),
        ('"MusicEvent"', "name", "Kammerkonzert im alten Zollhaus", Reason.NOT_NEWS),
        ('"https://schema.org/TheaterEvent"', "name", "桟橋の幽霊", Reason.NOT_NEWS),
        ('"CollectionPage"', "name", "Inundaciones", Reason.LIST),
        (
            '"ProfilePage", "mainEntity": {"@type": "Person", "name": "Ivo Tarn"}',
            "x",
            "Ivo Tarn",
            Reason.LIST,
        ),
    ],
)
def test_a_page_whose_headline_is_a_notices_or_a_lists_by_its_own_data_is_no_article(
    node: str, name: str, heading: str, reason: Reason
) -> None:
    content = declared(node, heading=heading, name=name)
    url = "https://news.example/2031/05/a-page-of-some-words"
    result = extract_article(page(content, url=url), SITE)
    assert isinstance(result, Rejection)
    assert result.reason is reason
    announced = dataclasses.replace(page(content, url=url), hints=Hints(source="feed"))
    assert isinstance(extract_article(announced, SITE), Article)
    assert isinstance(extract_article(page(content, url=url), Site(name="x", least_confidence=0)), Article)


@pytest.mark.parametrize(
    "head",
    [
        '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "x"}</script>',
        '<script type="application/ld+json">{"@type": "Review", "name": "x"}</script>',
        '<meta property="og:type" content="article">',
        '<meta property="article:published_time" content="2031-05-02T08:00:00Z">',
    ],
)
@pytest.mark.parametrize("node", ['"JobPosting"', '"Event"', '"Festival"', '"CollectionPage"'])
def test_an_article_that_carries_a_notice_stays_one(node: str, head: str) -> None:
    content = declared(node, heading="Eel supper fills the old customs house", head=head)
    assert isinstance(extract_article(page(content), SITE), Article)


@pytest.mark.parametrize("node", ['"Event"', '"JobPosting"', '"CollectionPage"'])
def test_a_notice_of_another_name_beside_a_story_says_nothing(node: str) -> None:
    data = f'<script type="application/ld+json">{{"@type": {node}, "name": "Chess for beginners"}}</script>'
    assert examine(page(article(head=data).encode()), SITE).judgement.kind is Kind.ARTICLE


def test_the_report_of_a_match_is_no_notice_of_it() -> None:
    content = declared('"SportsEvent"', heading="Harsk - Norrby 3:1, a cold evening at the quay")
    assert isinstance(extract_article(page(content), SITE), Article)


def test_a_text_that_lists_things_under_its_headline_is_no_list_of_pages() -> None:
    content = declared('"ItemList"', heading="Seven quays where herons wait for the last ferry")
    assert isinstance(extract_article(page(content), SITE), Article)


def test_a_page_that_calls_itself_a_profile_for_social_networks_calls_itself_a_list() -> None:
    content = article(head='<meta property="og:type" content="profile">').encode()
    examined = examine(page(content), SITE)
    traits = observe(examined.document, examined.decisions, examined.metadata)
    assert witness_figures(traits)["declaration list"] == 1


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("Already a member? Log in to continue reading without ads", Kind.ARTICLE),
        ("Sign in to read ad-free", Kind.ARTICLE),
        ("Bereits Abonnent? Jetzt ohne Werbung lesen", Kind.ARTICLE),
        ("Déjà abonné ? Connectez-vous pour lire sans publicité", Kind.ARTICLE),
        ("Inicia sesión para leer sin anuncios", Kind.ARTICLE),
        ("Sei già abbonato? Accedi per leggere senza pubblicità", Kind.ARTICLE),
        ("Faça login para ler sem anúncios", Kind.ARTICLE),
        ("Word abonnee en lees zonder reclame", Kind.ARTICLE),
        ("Masz już konto? Czytaj bez reklam", Kind.ARTICLE),
        ("Logga in för att läsa utan annonser", Kind.ARTICLE),
        ("Войдите, чтобы читать без рекламы", Kind.ARTICLE),
        ("登录后继续阅读，无广告", Kind.ARTICLE),
        ("ログインして続きを読む(広告なし)", Kind.ARTICLE),
        ("Log in to continue reading", Kind.TEASER),
        ("Subscribe to read the full story. Subscribers read without ads.", Kind.TEASER),
        ("Bereits Abonnent? Hier anmelden", Kind.TEASER),
        ("Log in om verder te lezen", Kind.TEASER),
    ],
)
def test_a_line_that_offers_reading_without_advertising_tells_of_no_wall(line: str, kind: Kind) -> None:
    content = article(2, extra=f"<div class='paywall-promo'>{line}</div><p>{PARAGRAPHS[2]}</p>")
    judgement = examine(page(content.replace(PARAGRAPHS[1], "").encode()), SITE).judgement
    assert judgement.kind is kind, judgement
