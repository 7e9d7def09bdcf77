"""What every store finds: the same articles for the same query, in twelve languages."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from scraper.errors import QueryError
from scraper.model import Credit, Kind, KindVerdict
from scraper.store import ArticleQuery, Sort
from tests.store.values import article, revision_of, verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scraper.store import SearchPage, Store

TEXTS: dict[int, dict[str, Any]] = {
    1: {"language": "en", "title": "Bridges over the harbour close", "body": "Two old bridges are closed. The tram stops there."},
    2: {"language": "en-GB", "title": "Strike at the port", "body": "The harbour workers’ strike goes on. No bridge is closed."},
    3: {"language": "en", "title": "A quiet day", "body": "Trump’s e-mail of 10,000 words named the Saint-Denis bridge."},
    4: {"language": "de", "title": "Brücken gesperrt", "body": "Die Bundes\u00adregierung sperrt die alten Häuser in der Straße am Hafen."},
    5: {"language": "de", "title": "Das Haus am Hafen", "body": "Der Streik der Hafenarbeiter endet in München."},
    6: {"language": "fr", "title": "Les élections à l’été", "body": "L’élection du maire, à Saint-Étienne. Un cœur d’ingénieur."},
    7: {"language": "es", "title": "Elecciones y manifestación", "body": "La manifestación cerró los puentes del año pasado."},
    8: {"language": "pt-BR", "title": "Eleição adiada", "body": "As eleições e a ação dos portuários no porto de São Paulo."},
    9: {"language": "ru", "title": "Новый мост", "body": "Новые мосты построили. Ёлка стоит у моста."},
    10: {"language": "ar", "title": "إغلاق الجسر", "body": "أغلقت الحكومة الجِسْر الـقديم في المدينة."},
    11: {"language": "ar", "title": "جسر جديد", "body": "افتتح أحمد جسر النهر."},
    12: {"language": "hi", "title": "नया पुल", "body": "आज का दिन अच्छा है। पुलों की मरम्मत।"},
    13: {"language": "hi", "title": "दान", "body": "मंदिर को दान दिया गया।"},
    14: {"language": "bn", "title": "কলকাতা", "body": "কলকাতার সেতু বন্ধ।"},
    15: {"language": "zh", "title": "新华社消息", "body": "新华社北京电：大桥关闭。BBC也报道。"},
    16: {"language": "ja", "title": "橋が閉鎖", "body": "東京の橋は閉鎖された。がっこうの話。"},
    17: {"language": "ko", "title": "다리 폐쇄", "body": "서울에서 다리가 폐쇄되었다."},
    18: {"language": "th", "title": "ปิดสะพาน", "body": "สะพานเก่าที่กรุงเทพปิดแล้ว"},
    19: {"language": "vi", "title": "Cầu Đà Nẵng", "body": "Cây cầu ở Đà Nẵng đóng cửa."},
    20: {"language": "pl", "title": "Mosty w Łodzi", "body": "Most zamknięty. Łódź i København."},
    21: {"language": "tr", "title": "Köprüler kapalı", "body": "Köprü kapandı. ISPARTA’da ışık yok."},
    22: {"language": None, "title": "Untitled bridges", "body": "A text of no known language: C++ in a.b."},
    23: {"language": "el", "title": "Κλειστή γέφυρα", "body": "Οι γέφυρες της Αθήνας."},
    24: {"language": "fa", "title": "پل", "body": "می\u200cخواهم کتاب بخوانم."},
    25: {"site": "gazette", "language": "en", "title": "Ferry", "body": "Nothing new.", "authors": ("Ana Lima", "Bo Chen"),
         "credit": Credit(agencies=("Reuters", "AFP")), "published": "2025-12-31"},
    26: {"site": "gazette", "language": "en", "title": "Chen on ferries", "body": "By Reuters.", "authors": ("Ana Souza",),
         "credit": Credit(agencies=("dpa",)), "kind": Kind.TEASER, "verdict": KindVerdict(confidence=0.2, evidence="-", in_doubt=True)},
}  # fmt: skip
QUERIES: dict[str, Sequence[int]] = {
    # English: stems, signs, and what is not wanted
    "bridge": [1, 2, 3, 22][:3],
    "bridges": [1, 2, 3, 22],
    "BRIDGED harbour": [1, 2],
    "harbour -tram": [2],
    "harbour -tram -strike": [],
    '"old bridges"': [1],
    '"bridges old"': [],
    '"harbour worker"': [2],
    '-"old bridge" harbour': [2],
    "tram OR e-mail": [1, 3],
    "quiet tram OR harbour strike": [2],
    "(tram OR strike) harbour": [1, 2],
    "harbour -(tram OR quay)": [2],
    "trump": [3],
    "Trump's": [3],
    "“10,000 words”": [3],
    "saint-denis": [3],
    "harbo*": [1, 2],
    "strike*": [2],
    "title:bridge": [1],
    'title:"bridge over"': [1],
    "title:strike OR title:quiet": [2, 3],
    # fields, dates
    "author:lima": [25],
    'author:"ana lima"': [25],
    'author:"lima bo"': [],
    "author:ana -author:lima": [26],
    "agency:reuters": [25],
    "agency:REUT*": [25],
    "reuters": [26],
    "site:gazette": [25, 26],
    "site:gazette -lang:pt agency:dpa": [26],
    "chen": [26],
    "lang:en bridge": [1, 2, 3],
    "lang:en-GB": [2],
    "lang:ar": [10, 11],
    "before:2026 ferry": [25],
    "after:2026-01-01 ferry": [26],
    "-harbour -ferry lang:en": [3],
    # German, French, Spanish, Portuguese
    "haus hafen": [4, 5],
    "strasse": [4],
    "Bundesregierung": [4],
    "muenchen": [5],
    "brücke": [4],
    "élection": [6],
    "coeur ingenieur": [6],
    "manifestacion elección": [7],
    "puente ano": [7],
    "eleicao": [8],
    "ACAO paulo": [8],
    # Russian, Greek, Polish, Turkish, Vietnamese
    "мост новые елка": [9],
    "γεφυρα αθηνα*": [23],
    "lodz kobenhavn": [20],
    "most": [20],
    "köprü isparta isik": [21],
    "da nang": [19],
    # Arabic, Persian, Hindi, Bengali
    "جسر": [10, 11],
    "الجسر احمد": [11],
    "میخواهم": [24],
    "دن": [],
    "दान": [13],
    "दिन पुल": [12],
    "কলকাতা": [14],
    "কলকেতে": [],
    # Chinese, Japanese, Korean, Thai
    "新华": [15],
    "华新": [],
    "社": [15],
    '"北京电" bbc': [15],
    "橋 東京": [16],
    "かっこう": [],
    "서울 다리": [17],
    "สะพาน": [18],
    "C++ a.b": [22],
}  # fmt: skip


def numbers(found: SearchPage) -> list[int]:
    return [int((hit.article.article.canonical_url or "").rpartition("/")[2]) for hit in found.hits]


@pytest.fixture
def filled(store: Store) -> Store:
    with store.transaction():
        for number, fields in TEXTS.items():
            store.save(verdict(article(number, **{"published": "2026-02-01T08:00:00Z"} | fields)))
    return store


def test_every_store_finds_the_same(filled: Store) -> None:
    assert len(QUERIES) >= 60
    found = {
        query: sorted(numbers(filled.search(ArticleQuery(search=query), sort=Sort.RELEVANCE)))
        for query in QUERIES
    }
    assert found == {query: sorted(expected) for query, expected in QUERIES.items()}
    assert {
        query: sorted(
            int((each.article.canonical_url or "").rpartition("/")[2])
            for each in filled.articles(ArticleQuery(search=query))
        )
        for query in QUERIES
    } == found


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (ArticleQuery(search="ferry", site="gazette", kind=Kind.TEASER), [26]),
        (ArticleQuery(search="ferry", in_doubt=False), [25]),
        (ArticleQuery(search="ferry", in_doubt=True), [26]),
        (ArticleQuery(language="ar"), [10, 11]),
        (ArticleQuery(language="e"), []),
        (ArticleQuery(search="ferry", until=datetime(2026, 1, 1, tzinfo=UTC)), [25]),
        (ArticleQuery(search="after:2025-06 ferry", since=datetime(2026, 1, 1, tzinfo=UTC)), [26]),
        (ArticleQuery(since=datetime(2026, 2, 2, tzinfo=UTC)), []),
    ],
)
def test_conditions_stand_beside_the_query(filled: Store, query: ArticleQuery, expected: list[int]) -> None:
    found = filled.search(query, sort=Sort.NEWEST)
    assert sorted(numbers(found)) == expected
    assert found.count == len(expected)


def test_words_in_the_title_outweigh_a_season_and_the_whole_query_there_a_year(store: Store) -> None:
    dates = {1: "2026-03-01", 2: "2026-01-01", 3: "2025-06-01", 4: "2024-01-01", 5: "2025-11-01"}
    titles = {1: "News", 2: "A ferry", 3: "A strike of the ferry", 4: "Ferry strike", 5: "News"}
    for number, title in titles.items():
        body = f"The ferry is on strike, number {number}."
        store.save(verdict(article(number, title=title, body=body, published=dates[number])))
    query = ArticleQuery(search="ferry strike")
    assert numbers(store.search(query, sort=Sort.RELEVANCE)) == [3, 2, 1, 5, 4]
    assert numbers(store.search(query, sort=Sort.NEWEST)) == [1, 2, 5, 3, 4]


@pytest.mark.parametrize("sort", Sort)
@pytest.mark.parametrize("search", ["ferry", "ferry -quay", None])
def test_pages_follow_each_other_without_gaps(store: Store, sort: Sort, search: str | None) -> None:
    with store.transaction():
        for number in range(1, 24):
            title = "A ferry" if number % 3 else "News"
            body = f"The ferry, number {number}."
            store.save(
                verdict(article(number, title=title, body=body, published=f"2026-0{number % 4 + 1}-01"))
            )
    every = store.search(ArticleQuery(search=search), sort=sort)
    assert every.after is None
    found: list[int] = []
    after = None
    while True:
        page = store.search(ArticleQuery(search=search, limit=5), sort=sort, after=after)
        found += numbers(page)
        assert page.count == 23
        if (after := page.after) is None:
            break
    assert found == numbers(every)
    assert sorted(found) == list(range(1, 24))


def test_a_hit_shows_where_it_answers_and_facets_count_all(filled: Store) -> None:
    found = filled.search(
        ArticleQuery(search="bridge -trump OR site:gazette", limit=1), sort=Sort.NEWEST, facets=True
    )
    assert found.count == 4
    assert found.facets == {
        "site": {"gazette": 2, "harbour": 2},
        "language": {"en": 3, "en-GB": 1},
        "month": {"2026-02": 3, "2025-12": 1},
        "agency": {"AFP": 1, "Reuters": 1, "dpa": 1},
    }
    (hit,) = filled.search(ArticleQuery(search="tram bridge"), sort=Sort.RELEVANCE).hits
    assert (hit.title.text, hit.title.marks) == ("Bridges over the harbour close", ((0, 7),))
    assert [hit.snippet.text[start:end] for start, end in hit.snippet.marks] == ["bridges", "tram"]


def test_only_the_current_revision_is_searched(store: Store) -> None:
    first = article(1)
    store.save(verdict(first))
    for number, word in enumerate(("bridge", "quay"), start=1):
        changed = article(1, title=word, body=f"The {word} opened.")
        store.save(revision_of(changed, number))
    counts = {
        word: store.search(ArticleQuery(search=word), sort=Sort.NEWEST).count
        for word in ("ferry", "bridge", "quay", "-ferry")
    }
    assert counts == {"ferry": 0, "bridge": 0, "quay": 1, "-ferry": 1}


def test_two_revisions_in_one_transaction_leave_the_last(store: Store) -> None:
    store.save(verdict(article(1)))
    with store.transaction():
        for number, word in enumerate(("bridge", "quay"), start=1):
            store.save(revision_of(article(1, title=word, body=f"The {word} opened."), number))
    counts = {
        word: store.search(ArticleQuery(search=word), sort=Sort.NEWEST).count
        for word in ("ferry", "bridge", "quay", "-ferry")
    }
    assert counts == {"ferry": 0, "bridge": 0, "quay": 1, "-ferry": 1}


def test_what_is_retracted_is_found_no_more(store: Store) -> None:
    key = store.save(verdict(article(1)))
    store.save(verdict(article(2)))
    store.retract(key)
    assert numbers(store.search(ArticleQuery(search="ferry"), sort=Sort.NEWEST)) == [2]


def test_many_articles_of_one_minute_have_keys_of_their_own(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scraper.store.search.engine._SLOTS", 1)
    with store.transaction():
        for number in range(1, 9):
            store.save(verdict(article(number, body=f"Text {number} of the day.", published="2026-02-01")))
    assert store.search(ArticleQuery(search="day"), sort=Sort.NEWEST).count == 8


def test_a_wrong_query_is_refused_by_every_way(store: Store) -> None:
    with pytest.raises(QueryError, match="no end"):
        store.search(ArticleQuery(search='"ferry'), sort=Sort.NEWEST)
    with pytest.raises(QueryError, match="no end"):
        list(store.articles(ArticleQuery(search='"ferry')))


def test_articles_alike_share_rare_words_in_whatever_language(store: Store) -> None:
    with store.transaction():
        for number in range(10, 40):
            store.save(
                verdict(
                    article(
                        number, title=f"Day {number}", body=f"The council met and said number {number} of it."
                    )
                )
            )
        told = "The council met Zofia Krasnodebska in Wolin, where the Baltica sank."
        store.save(verdict(article(1, title="The Baltica sank", body=told)))
        anew = "Zofia Krasnodębska fährt nach Wolin, wo die Baltica liegt."
        store.save(verdict(article(2, title="Schiff vor Wolin", body=anew, language="de")))
        store.save(verdict(article(3, title="Elsewhere", body="The council met at Wolin.")))
    first = store.find("https://news.example/1")
    assert first is not None
    similar = store.alike(first.id, 5)
    assert [each.article.article.canonical_url for each in similar] == ["https://news.example/2"]
    assert {"Krasnodebska", "Wolin", "Baltica", "Zofia"} <= set(similar[0].words)
    assert store.alike(similar[0].article.id, 5)[0].article.id == first.id
