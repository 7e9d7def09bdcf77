"""Whole pages in other languages than those of the fixture sites: every field at once."""

from __future__ import annotations

import dataclasses

from scraper.extraction.article import extract_article
from scraper.extraction.fields.metadata import Metadata
from scraper.model import Article, Credit, Dateline, Image, Page, Site
from tests.extraction.pages import FETCHED

GERMAN = """<html lang="de-AT"><head><title>Marchfeld: Störche kehren zurück | Der Marchfelder</title>
<meta property="og:site_name" content="Der Marchfelder"></head><body>
<nav><a href="/">Startseite</a> <a href="/region/">Region</a></nav>
<article><p class="spitzmarke">Vogelschutz</p><h1>Störche kehren ins Marchfeld zurück</h1>
<p class="autor">Von Max Müller und Eva Öztürk</p>
<p class="datum">Veröffentlicht am 20.05.2024, 14:30 Uhr. Stand: 21.05.2024, 08:15 Uhr</p>
<figure><img src="/bild/horst.jpg"><figcaption>Der Horst bei Orth. Foto: APA/Lena Gruber</figcaption></figure>
<p>Wien (APA) - Im Marchfeld brüten wieder Störche, und zwar so viele wie seit dreißig Jahren nicht mehr. Der Verein
der Vogelfreunde hat 41 besetzte Horste gezählt, die meisten davon auf den Masten der alten Bahn.</p>
<p>Die Gemeinde will die Masten nun stehen lassen, obwohl die Bahn sie im Herbst abbauen wollte. Der Bürgermeister sagte
am Montag, man habe sich mit dem Unternehmen geeinigt, und die Kosten seien für alle erträglich.</p>
<p>Die Jungvögel werden im August nach Süden ziehen. Bis dahin soll der Weg an der Bahn gesperrt bleiben, damit die
Tiere nicht gestört werden, wie es in einer Aussendung der Gemeinde heißt.</p></article>
<footer><p>© 2024 Der Marchfelder. Alle Rechte vorbehalten.</p></footer></body></html>"""
JAPANESE = """<html lang="ja"><head><title>川の橋、二年ぶりに開通：東川新聞</title>
<meta property="og:site_name" content="東川新聞"></head><body>
<article><h1>川の橋、二年ぶりに開通</h1><p class="date">2014年5月20日 14時30分</p><p class="byline">記者 水野花</p>
<p>東川市の中心を流れる川に架かる橋が二十日、二年ぶりに開通した。橋は一昨年の大雨で流され、市民は遠くの橋まで回り道を強いられて
いた。開通式には近くの小学校の児童ら約三百人が集まり、渡り初めをした。</p>
<p>市によると、新しい橋は長さ百二十メートルで、古い橋より一メートル高い。市長は式で「水はまた来るが、橋はもう動かない」と話し、
工事に携わった人たちに礼を述べた。費用は約十八億円だった。</p>
<p>近くで食堂を営む女性は「二年間、川の向こうのお客さんに会えなかった。今日は店を閉めて橋の上にいる」と笑顔を見せた。市は来月から
橋の両側の道も広げる予定だ。（共同）</p></article></body></html>"""


def test_the_fields_of_the_metadata_are_those_of_the_article() -> None:
    article = {field.name: field.type for field in dataclasses.fields(Article)}
    found = {field.name: field.type for field in dataclasses.fields(Metadata) if field.name != "candidates"}

    assert found.items() <= article.items()


def article(html: str, url: str, zone: str) -> Article:
    page = Page(url=url, content=html.encode(), content_type="text/html; charset=utf-8", fetched_at=FETCHED)
    found = extract_article(page, Site(name="paper", timezone=zone))
    assert isinstance(found, Article)
    return found


def test_a_german_page_gives_kicker_authors_dates_agency_place_and_rights() -> None:
    found = article(GERMAN, "https://marchfelder.example/region/stoerche-kehren-zurueck", "Europe/Vienna")

    assert (found.kicker, found.title) == ("Vogelschutz", "Störche kehren ins Marchfeld zurück")
    assert found.authors == ("Max Müller", "Eva Öztürk")
    assert (found.published, found.modified) == ("2024-05-20T12:30:00Z", "2024-05-21T06:15:00Z")
    assert found.credit == Credit(agencies=("APA",), line="Wien (APA) -")
    assert found.dateline == Dateline(place="Wien", line="Wien (APA) -")
    assert found.images == (
        Image(
            url="https://marchfelder.example/bild/horst.jpg",
            caption="Der Horst bei Orth.",
            credit="APA/Lena Gruber",
        ),
    )
    assert (found.language, found.publisher) == ("de-AT", "Der Marchfelder")
    assert found.rights == "© 2024 Der Marchfelder. Alle Rechte vorbehalten."
    assert found.body.startswith("Wien (APA) - Im Marchfeld")


def test_a_japanese_page_gives_title_author_date_and_agency() -> None:
    found = article(JAPANESE, "https://higashikawa.example/news/hashi-kaitsu", "Asia/Tokyo")

    assert found.title == "川の橋、二年ぶりに開通"
    assert (found.authors, found.published) == (("水野花",), "2014-05-20T05:30:00Z")
    assert found.credit is not None
    assert found.credit.agencies == ("Kyodo",)
    assert found.language == "ja"
