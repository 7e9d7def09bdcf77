"""A byline above a text whose paragraphs are all short is still above it."""

from __future__ import annotations

import pytest

from scraper.extraction.article import extract_article
from scraper.model import Article, Page, Site

SHORT = (
    "The bridge over the harbour closes on Monday, the port said.",
    "Drivers are sent over the eastern ring road until June.",
    "Shops on the quay fear for their trade this summer.",
    "The ferry runs twice an hour as long as the work goes on.",
)


@pytest.mark.parametrize("byline", ["<p>By Ana Lima</p>", "<div><span>By Ana Lima, politics</span></div>"])
@pytest.mark.parametrize("number", [2, 3, 4])
def test_a_byline_above_short_paragraphs_names_the_author_and_is_no_text(byline: str, number: int) -> None:
    text = "".join(f"<p>{each}</p>" for each in SHORT[:number])
    markup = f"<title>Bridge closes</title><article><h1>Bridge closes</h1>{byline}{text}</article>"
    article = extract_article(Page(url="https://harbour.example/a", content=markup.encode()), Site(name="h"))

    assert isinstance(article, Article)
    assert article.authors == ("Ana Lima",)
    assert article.body.startswith(SHORT[0])


JOINED = {
    "zh": (
        "河畔市议会周一晚间决定，旧桥将关闭两年。",
        "司机须绕行东环路，直到六月为止。",
        "码头商店担心今年夏天的生意。",
    ),
    "ja": (
        "川辺市議会は月曜日、古い橋を二年間閉鎖することを決めた。",
        "六月まで車は東の環状道路を通る。",
        "岸の店は夏の商売を心配している。",
    ),
    "ko": (
        "강변시 의회는 월요일 오래된 다리를 이 년 동안 닫기로 했다.",
        "유월까지 차량은 동쪽 순환로로 다닌다.",
        "부두의 가게들은 여름 장사를 걱정한다.",
    ),
}


@pytest.mark.parametrize(
    ("language", "opening", "author"),
    [
        ("zh", "新华社河畔5月20日电（记者王小明）", "王小明"),
        ("zh", "中新网河畔5月20日电 (记者 王小明)", "王小明"),
        ("zh", "本报讯（记者 王小明）", "王小明"),
        ("ja", "【川辺＝山田花子】", "山田花子"),
        ("ko", "(강변=연합뉴스) 홍길동 기자 = ", "홍길동"),
        ("ko", "[강변=뉴시스]홍길동 기자 = ", "홍길동"),
    ],
)
def test_a_sentence_behind_its_writer_s_name_is_text_however_few_letters_it_has(
    language: str, opening: str, author: str
) -> None:
    first, *rest = JOINED[language]
    text = "".join(f"<p>{each}</p>" for each in (opening + first, *rest))
    markup = f"<html lang={language}><meta charset=utf-8><article><h1>旧桥 다리</h1>{text}</article>"
    article = extract_article(Page(url="https://harbour.example/a", content=markup.encode()), Site(name="h"))

    assert isinstance(article, Article)
    assert article.authors == (author,)
    assert article.body.splitlines()[0].endswith(first)
