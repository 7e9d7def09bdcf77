from __future__ import annotations

import pytest

from scraper.extraction.body.decide import body_text
from tests.extraction.body.test_decide import MAIN, PARAGRAPHS, QUOTE, decisions, page_of


@pytest.mark.parametrize("wrapper", ["<div class='more' data-url='/2'>{}</div>", "<article>{}</article>"])
@pytest.mark.parametrize("byline", ["", "<p class='byline'>By Olav Brenna, 3 May 2024</p>"])
def test_what_stands_behind_another_headline_in_a_part_of_its_own_is_another_story(
    wrapper: str, byline: str
) -> None:
    other = [f"{paragraph} So it was told in Vennby, forty miles to the north." for paragraph in PARAGRAPHS]
    story = f"<h1>Vennby gets a new library</h1>{byline}" + "".join(f"<p>{text}</p>" for text in other)
    found = decisions(page_of(MAIN).replace("</main>", f"{wrapper.format(story)}</main>"), reasons=True)
    dropped = {decision.block.text: decision for decision in found if not decision.kept}

    assert set(other) <= set(dropped)
    assert {dropped[text].reasons[0].name for text in other} == {"another headline stands above it"}
    assert set(PARAGRAPHS) <= {decision.block.text for decision in found if decision.kept}


OTHER = [f"{paragraph} So it was told in Vennby, forty miles to the north." for paragraph in PARAGRAPHS]
OTHERS = "".join(f"<p>{text}</p>" for text in OTHER)


def kept_of(markup: str) -> set[str]:
    return {decision.block.text for decision in decisions(page_of(markup)) if decision.kept}


@pytest.mark.parametrize("level", ["h2", "h3"])
@pytest.mark.parametrize(
    ("wrapper", "signed"),
    [
        ("<article>{}</article>", "<p>By Olav Brenna</p>"),
        ("<div class='next'>{}</div>", "<p>3 May 2024</p>"),
        ("<div>{}</div>", "<div>Von Olav Brenna</div><div>03.05.2024</div>"),
        ("{}", "<p>By Olav Brenna | 3 May 2024</p>"),
        ("{}", "<p><span>Par Olav Brenna</span></p><p><time>3 mai 2024</time></p>"),
    ],
)
def test_a_story_with_a_byline_or_a_date_of_its_own_is_another_one(
    wrapper: str, signed: str, level: str
) -> None:
    story = wrapper.format(f"<{level}>Vennby gets a new library</{level}>{signed}{OTHERS}")
    kept = kept_of(MAIN + story)

    assert not set(OTHER) & kept
    assert set(PARAGRAPHS) <= kept


@pytest.mark.parametrize(
    "inner",
    [
        # a box that is signed, in the middle of a text that goes on behind it
        f"<h2>Analysis</h2><p>By Olav Brenna</p><p>{OTHER[0]}</p>",
        # the page's own author signs each of several items
        f"<h2>The first hall</h2><p>By Ines Halloran</p>{OTHERS}",
        # one more section of the text, which happens to begin with a day
        f"<h2>Spring</h2><p>{OTHER[0]}</p><h2>Summer</h2><p>3 May 2024</p><p>Opening</p>{OTHERS}",
        # entries of a page that is made of them
        "".join(
            f"<div><h2>Day {at}</h2><p>{at} May 2024</p><p>{text}</p></div>"
            for at, text in enumerate(OTHER * 2, 1)
        ),
    ],
    ids=["box", "same author", "section", "entries"],
)
def test_what_belongs_to_the_text_is_no_other_story_for_a_name_or_a_date(inner: str) -> None:
    found = decisions(
        page_of(MAIN.replace(f"<p>{PARAGRAPHS[2]}", f"{inner}<p>{PARAGRAPHS[2]}")), reasons=True
    )
    said = {reason.name for decision in found for reason in decision.reasons}

    assert "another headline stands above it" not in said


def test_many_parts_with_a_headline_of_the_first_rank_are_sections_of_one_page() -> None:
    parts = [f"{paragraph} So it was told in hall {at}." for at in range(5) for paragraph in PARAGRAPHS[:3]]
    markup = "".join(
        f"<div class='row'><h1>Hall {at + 1}</h1><p>{'</p><p>'.join(parts[at * 3 : at * 3 + 3])}</p></div>"
        for at in range(5)
    )

    found = decisions(page_of(f"{MAIN}{markup}"), reasons=True)
    said = {reason.name for decision in found for reason in decision.reasons}
    assert "another headline stands above it" not in said


@pytest.mark.parametrize(
    "copy", ["<div class='print'><p>{}</p></div>", "<aside><q>{}</q></aside>", "<div>{}</div>"]
)
def test_a_text_that_stands_elsewhere_in_the_body_is_kept_once(copy: str) -> None:
    found = body_text(decisions(page_of(MAIN + copy.format(PARAGRAPHS[1]))))

    assert found.count(PARAGRAPHS[1]) == 1


def test_a_list_of_links_is_kept_where_a_sentence_with_a_colon_announces_it() -> None:
    names = ("Map of the old hall", "Letter of the traders", "Report of the university")
    links = "".join(f"<li><a href='/files/{at}'>{name}</a></li>" for at, name in enumerate(names))
    said = "<p>The council has published these papers on its own pages:</p>"
    found = body_text(
        decisions(page_of(MAIN + f"{said}<ul>{links}</ul><p>{PARAGRAPHS[4]} Others follow.</p>"))
    )

    assert set(names) <= set(found.split("\n"))


@pytest.mark.parametrize("level", ["h2", "h3", "h4"])
def test_a_heading_of_few_words_between_kept_paragraphs_is_kept(level: str) -> None:
    text = "".join(f"<{level}>Part {at}</{level}><p>{line}</p>" for at, line in enumerate(PARAGRAPHS))

    assert "Part 3" in body_text(decisions(page_of(f"<p>{QUOTE}</p>{text}"))).split("\n")


def test_what_follows_a_heading_of_comments_is_a_thread_whatever_it_is_called() -> None:
    said = "I have bought my fish in that hall for forty years and never saw a column move, not once."
    thread = f"<h3>2 comments</h3><ul><li>Olav: {said}</li><li>Turid: {said} Nor did my mother.</li></ul>"

    assert said not in body_text(decisions(page_of(MAIN + thread)))


@pytest.mark.parametrize(
    "notice",
    [
        "Follow the Kvellstad Courier on WhatsApp and never miss a storm.",
        "Abonnieren Sie unseren Newsletter und lesen Sie jeden Morgen das Wichtigste.",
        "Підписуйтесь на наш канал у Telegram, щоб нічого не пропустити.",
        "コメントは公式LINEで友だち追加してお寄せください",
        "This summary was generated by artificial intelligence and read by an editor.",
        "Your browser does not support the audio element.",
        "You have reached your limit of free articles this month.",
        "Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut labore.",
    ],
)
@pytest.mark.parametrize("at", [0, 3, 6])
def test_a_notice_to_the_readers_is_no_part_of_the_text_wherever_it_stands(notice: str, at: int) -> None:
    lines = [QUOTE, *PARAGRAPHS]
    text = "".join(f"<p>{line}</p>" for line in [*lines[:at], notice, *lines[at:]])
    found = {each.block.text: each for each in decisions(page_of(text), reasons=True)}

    assert not found[notice].kept
    assert set(PARAGRAPHS) <= {line for line, each in found.items() if each.kept}


def test_filler_stays_where_it_is_all_that_a_page_holds() -> None:
    lines = [
        f"Lorem ipsum dolor sit amet number {at}, and nobody has written the text yet." for at in range(6)
    ]
    text = body_text(decisions(page_of("".join(f"<p>{line}</p>" for line in lines))))

    assert "Lorem ipsum" in text


RIGHTS = (
    "All rights reserved. This material may not be published, broadcast or rewritten.",
    "Alle Rechte vorbehalten.",
    "© Kestrel. Tous droits réservés.",
    "Riproduzione riservata",
    "Все права защищены",
    "جميع الحقوق محفوظة",
    "免责声明：本文仅代表作者观点。",
    "無断転載を禁じます。",
    "저작권자 ⓒ 케스트렐 무단전재 및 재배포 금지",
    "Tüm hakları saklıdır.",
)


@pytest.mark.parametrize("notice", RIGHTS)
def test_a_notice_of_rights_ends_no_text(notice: str) -> None:
    assert notice not in kept_of(MAIN + f"<p>{notice}</p>")
    assert set(PARAGRAPHS) <= kept_of(MAIN + f"<p>{notice}</p>")


def test_a_text_about_rights_stays() -> None:
    said = "“All rights reserved” stood on the plan, said Marta Oyelaran, and nobody in the hall knew whose."
    assert said in kept_of(MAIN.replace(f"<p>{PARAGRAPHS[2]}", f"<p>{said}</p><p>{PARAGRAPHS[2]}"))


@pytest.mark.parametrize(
    "line", ["（责任编辑：王芳）", "Redaktion: Jo Reed", "Kamera: Ana Lima", "Editor: Jo Reed"]
)
def test_a_line_that_names_who_edited_or_filmed_is_no_text(line: str) -> None:
    assert line not in kept_of(MAIN + f"<p>{line}</p>")


@pytest.mark.parametrize(
    "line", ["Editor: And who is to pay for the tents?", "Video: 4K at 30 frames a second."]
)
def test_a_question_or_a_sentence_behind_such_a_word_is_text(line: str) -> None:
    assert line in kept_of(MAIN.replace(f"<p>{PARAGRAPHS[2]}", f"<p>{line}</p><p>{PARAGRAPHS[2]}"))


@pytest.mark.parametrize("initials", ["(rdl/hs)", "(mb)", "[abc/def]", "(dpa-AFX)"])
def test_initials_below_a_text_are_none_of_it(initials: str) -> None:
    assert kept_of(f"{MAIN}<p>{initials}</p>") == kept_of(MAIN)


@pytest.mark.parametrize(
    "label", ["Leé también:", "MORE :", "Zobacz również:", "Διαβάστε επίσης:", "بیشتر بخوانید:", "Baca pula:"]
)
def test_a_link_that_says_that_it_leads_elsewhere_is_none_of_the_text(label: str) -> None:
    head, _, tail = MAIN.rpartition("<p>")
    link = f"<p>{label} <a href='/pier'>What the pier costs, and who pays for it in the end</a></p>"

    assert kept_of(f"{head}{link}<p>{tail}") == kept_of(MAIN)
