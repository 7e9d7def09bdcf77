"""What is a copy and what only looks like one."""

from __future__ import annotations

import random
from itertools import combinations

import pytest

from scraper.dedup.compare import compare
from scraper.dedup.shingle import sign
from scraper.dedup.words import Words
from scraper.model import Credit
from tests.dedup.mixed import records
from tests.dedup.stories import Desk, article, sentence, story

A, B, C = "https://a.example/1", "https://b.example/1", "https://c.example/1"


def test_a_copy_with_dateline_typos_and_local_paragraphs_is_syndicated() -> None:
    desk, text = Desk(), story(1)
    desk.relation(A, text)
    typos = " ".join(word[1:] if place % 40 == 0 else word for place, word in enumerate(text[2].split()))
    changed = ["PORT DALE (Wire) - " + text[0], text[1], typos, *text[3:], *story(90, 2)]
    assert desk.relation(B, changed) == ("syndicated", A)


def test_a_copy_cut_to_its_first_two_fifths_is_syndicated() -> None:
    desk, text = Desk(), story(1, 10)
    desk.relation(A, text)
    assert desk.relation(B, [*text[:4], *story(91, 1)]) == ("syndicated", A)


def test_a_fuller_text_that_comes_later_is_syndicated_too() -> None:
    desk, text = Desk(), story(1, 10)
    desk.relation(A, text[:5])
    assert desk.relation(B, text) == ("syndicated", A)


def test_the_same_text_at_another_address_of_the_site_is_a_near_duplicate() -> None:
    desk, text = Desk(), story(1)
    desk.relation(A, text)
    assert desk.relation("https://a.example/2", [*text, "Updated."]) == ("near_duplicate", A)


def test_a_copy_joins_the_nearest_text_of_its_story_and_the_evidence_says_why() -> None:
    desk, text = Desk(), story(1, 10)
    desk.relation(A, text[:5])
    desk.relation(B, text)
    relation = desk.take(article(C, text[:9])).relation
    assert relation is not None
    assert relation.to == B
    assert relation.evidence["containment"] == relation.score == 1.0
    assert 0.8 < float(relation.evidence["jaccard"]) < 1


def test_other_stories_on_the_same_event_with_shared_quotes_are_new() -> None:
    desk, dice = Desk(), random.Random(7)
    quotes = [sentence(dice, 20) for _ in range(3)]
    for seed in range(3):
        text = story(200 + seed, 6)
        text[2:2] = quotes
        assert desk.relation(f"https://{seed}.example/x", text) is None


def test_a_long_paragraph_of_background_makes_no_copy() -> None:
    desk, background = Desk(), " ".join(story(300, 4))
    desk.relation(A, [*story(301, 3), background])
    assert desk.relation(B, [background, *story(302, 3)]) is None


def test_forms_filled_in_with_other_numbers_and_names_are_new() -> None:
    forms = {
        "weather": "Forecast for {0}. The day will start cloudy with {1} degrees, rising to {2} degrees by noon. Winds of "
        "{3} kilometres per hour blow from the north of {4}. There is a {5} percent chance of rain, with {6} "
        "millimetres in the evening. Humidity will be {7} percent and the sun sets at {8}:{9} over the hills.",
        "lottery": "The numbers in the {0} draw were {1} and {2}, the bonus was {3}. The jackpot stood at {4} million. In "
        "all {5} tickets matched six numbers and {6} tickets matched five, each winning {7}. Players have {8} days to "
        "claim a prize, and results can be seen at counter {9} of every shop until the end of the month.",
        "obituary": "{0}, of {1}, passed away at home surrounded by family. {0} was born in {2} and worked for {3} years as "
        "a lawyer. Survivors include a daughter, {4}, of {5}, and a son, {6}, of {7}. Visitation will be held at the "
        "{8} funeral home in {1}, followed by a service at {9}. Condolences may be left online on the web site.",
    }
    for name, form in forms.items():
        desk = Desk()
        for turn in range(4):
            dice = random.Random(f"{name}{turn}")
            fill = [
                sentence(dice, 2).split()[0] + "ia" if name == "obituary" else str(dice.randrange(10, 99))
                for _ in range(10)
            ]
            assert desk.relation(f"https://{turn}.example/{name}", form.format(*fill)) is None, name


FORMS_OF_SCRIPTS = {
    "Chinese": (
        (
            "{0}地方法院昨日开庭审理一起{1}案件，法官听取了双方律师的意见之后宣布将择期宣判，旁听席上坐满了市民和记者。"
            "负责此案的检察官{2}表示，证据已经全部提交，案件的审理过程公开透明，任何人都可以向法院申请查阅有关材料，"
            "本报将继续关注{3}一案的进展情况，欢迎读者提供线索。"
        ),
        [
            ("东泉", "盗窃", "卢玉明", "仓库"),
            ("南沟", "诈骗", "谭国强", "银行"),
            ("北塘", "伤人", "吕晓雯", "酒馆"),
        ],
    ),
    "Arabic": (
        (
            "عقد مجلس بلدية {0} جلسته الدورية مساء أمس برئاسة {1} وناقش الأعضاء خلالها مشروع إنشاء {2} على أرض تابعة للبلدية "
            "قرب المدخل الرئيسي للمدينة ووافقوا بالإجماع على تخصيص المبلغ اللازم لذلك من الموازنة العامة وكلفوا {3} بمتابعة "
            "التنفيذ وتقديم تقرير شهري عن سير العمل إلى المجلس"
        ),
        [
            ("الغدير", "حسان عوض", "مدرسة", "مكتب الهندسة"),
            ("الربوة", "ماجد سلامة", "حديقة", "دائرة الأشغال"),
            ("السفح", "نبيل خوري", "مستشفى", "قسم التخطيط"),
        ],
    ),
    "German": (
        (
            "{0} (red) - Unbekannte haben in der Nacht zum {1} mehrere Fahrzeuge auf einem Parkplatz an der {2} beschädigt. "
            "Nach Angaben der Polizei wurden dabei Spiegel abgetreten und Scheiben eingeschlagen. Die Höhe des Schadens "
            "liegt bei rund {3} Euro. Hinweise nimmt die Wache unter der bekannten Nummer entgegen, auch abends."
        ),
        [
            ("Norrvik", "Freitag", "Lindenstraße", "8.000"),
            ("Talheim", "Montag", "Hafengasse", "2.500"),
            ("Orsbach", "Samstag", "Kirchallee", "11.000"),
        ],
    ),
}


@pytest.mark.parametrize("script", FORMS_OF_SCRIPTS)
def test_forms_are_new_in_scripts_without_capitals_and_where_every_noun_has_one(script: str) -> None:
    desk, (form, fills) = Desk(), FORMS_OF_SCRIPTS[script]
    for turn, fill in enumerate(fills):
        assert desk.relation(f"https://{turn}.example/x", form.format(*fill)) is None


def test_an_edited_copy_in_a_script_without_capitals_is_a_copy() -> None:
    form, (fill, *_) = FORMS_OF_SCRIPTS["Chinese"]
    desk, text = Desk(), form.format(*fill)
    desk.relation(A, text)
    assert desk.relation(B, "本报讯 " + text.replace("昨日", "周二")) == ("syndicated", A)


PLANNING = (
    "The committee received an application from {} to {} behind a terraced house near the old mill. Neighbours had "
    "objected that the building would take the light from their kitchens and that the lane was too narrow for "
    "lorries. Officers recommended {}, and members agreed after a short debate in which nobody spoke against the "
    "advice of the department. The decision can be appealed within six weeks, and work may not begin before that."
)
MISSING = (
    "Police are looking for {}, who was last seen leaving {} on Thursday evening in a dark coat. Officers said that "
    "they are increasingly concerned for the welfare of the missing person, who has no phone and may be confused. "
    "Anyone who has seen someone matching the description is asked to ring the station at any hour or to speak to "
    "an officer on patrol. The family thanked {} for helping with the search of the woods and the river bank."
)
SWALLOWS = (
    "The first swallows came back to the barn a week early this year, and the farmer who counts them thinks that the "
    "winter was to blame. He keeps a notebook by the door in which each arrival is written with the weather of the "
    "day. Most pairs return to the same beam, he says, and quarrel for it with those that come late. By the middle "
    "of the month forty nests were in use, ten more than last spring. The insects that they eat have come back too."
)


@pytest.mark.parametrize(
    ("form", "one", "other"),
    [
        (
            PLANNING,
            ("Janet Moss, 44", "put up a garage", "approval"),
            ("Colin Bray, 61", "dig a pool", "refusal"),
        ),
        (
            PLANNING,
            ("Sunita Rao, 38", "convert a loft", "a visit"),
            ("Ewan Tait, 52", "lay a court", "a fine of 90"),
        ),
        (
            MISSING,
            ("Doris Webb, 82", "a care home", "the volunteers"),
            ("Leon Marsh, 15", "school", "the brigade"),
        ),
    ],
)
def test_forms_whose_slots_are_words_but_for_a_name_are_new(
    form: str, one: tuple[str, ...], other: tuple[str, ...]
) -> None:
    assert compare(Words(sign(form.format(*other))), Words(sign(form.format(*one))), same_site=False) is None


def test_an_edited_copy_with_a_dateline_is_a_copy_where_little_is_named() -> None:
    text = (
        "Nurses at the hospital said on Friday that they would not strike before the summer if the talks go on. The union "
        "had asked for 6 percent more and fewer night shifts, and the board offered half of that. Ruth Adler, who leads "
        "the union, said that both sides had moved. The board would not comment on the figures but called the talks "
        "useful and open. A mediator who has worked on both sides of such disputes will sit at the table from next week. "
        "Patients have been told that their appointments stand, and that they would be rung if anything changed."
    )
    edited = (
        text.replace("the hospital", "the Royal Infirmary").replace("6", "six").replace("Ruth Adler", "Adler")
    )
    assert compare(Words(sign("LONDON, May 3 - " + edited)), Words(sign(text)), same_site=False)


def test_an_edited_copy_that_names_nobody_is_a_copy() -> None:
    edited = SWALLOWS
    for old, new in (
        ("a week early", "seven days early"),
        ("forty nests", "40 nests"),
        ("ten more", "10 more"),
    ):
        edited = edited.replace(old, new)
    assert compare(Words(sign(edited)), Words(sign(SWALLOWS)), same_site=False)


def test_few_words_in_common_are_few_letters_too() -> None:
    desk, opening = Desk(), "会议要求各有关部门认真落实上述决定，加强协调配合，保证各项任务按期完成。"
    desk.relation(A, opening + "东泉市今年将修建两条通往山区的公路，并改造三座老桥。")
    assert desk.relation(B, opening + "南沟县计划为农村小学配备新的课桌，并聘请音乐教师。") is None


def test_stories_in_one_frame_without_names_are_new_before_the_frame_is_known() -> None:
    desk = Desk()
    frame = [
        (
            "Thank you for reading our pages today. We are a small team and every subscription helps us to go on with "
            "the work that you value. If you like what you read, tell your friends about us and sign up below."
        ),
        (
            "Comments are closed on this page after two days. We delete what is rude or false, and we never print the "
            "address of those who write to us. Letters to the desk are answered within a week or so."
        ),
    ]
    for turn in range(4):
        url = f"https://{turn % 2}.example/{turn}"
        assert desk.relation(url, [*story(400 + turn, 2), *frame]) is None


@pytest.mark.parametrize("paragraphs", [8, 14, 20])
def test_a_long_copy_that_names_few_is_one_under_a_lead_of_its_own(paragraphs: int) -> None:
    desk, text = Desk(), story(paragraphs, paragraphs)
    desk.relation(A, [*story(401, 1), *text, *story(402, paragraphs)])
    assert desk.relation(B, [*story(403, 1), *text]) == ("syndicated", A)


def test_a_brief_whose_ending_is_a_formula_is_new() -> None:
    desk = Desk()
    ending = (
        "Nobody was hurt and the inquiry goes on. Whoever saw something is asked to call the station or to write to "
        "it, by letter or on its pages. Calls cost nothing and names are not asked for."
    )
    for turn in range(3):
        lead = " ".join(sentence(random.Random(turn), 20) for _ in range(1))
        assert desk.relation(f"https://{turn}.example/x", f"{lead} {ending}") is None


AROUND = {
    "english": (
        (
            "Good morning from the Harrow Leader, the paper for the valley since 1902. Call the desk with your news at any "
            "hour, or leave a note at Tanner Row."
        ),
        (
            "A lorry shed its load of timber at Quarry Bank before dawn, and the road is shut until noon.",
            "Councillor Imbert said nothing when asked whether the baths would open again this winter.",
            "Swans have come back to the mill pond, to the delight of children from two schools.",
        ),
        (
            "The Harrow Leader is owned by those who read it and takes no money for what it prints. We put mistakes right as "
            "soon as we hear of them, and follow the code of the press in all that we do."
        ),
    ),
    "arabic": (
        "صباح الخير من صحيفة الوادي التي تصدر كل يوم منذ سنين طويلة وتكتب إليكم من قلب المدينة وتنتظر رسائلكم واتصالاتكم في كل وقت.",
        (
            "انقطعت المياه عن حي النخيل صباح اليوم بسبب عطل في المضخة الرئيسية وقد تعود مساء.",
            "فاز فريق الشباب على ضيفه بهدف وحيد سجله المهاجم في الدقيقة الأخيرة من عمر المباراة.",
        ),
        "هذه الصحيفة ملك لقرائها ولا تأخذ مالا ممن تكتب عنهم ونصحح أخطاءنا حين نعلم بها ونلتزم بميثاق الصحافة في كل ما ننشره هنا.",
    ),
    "japanese": (
        "おはようございます。谷間新聞は毎朝六時から夜中まで地域の話題をお届けしています。交通や学校の休みについては電話でお問い合わせください。",
        (
            "水道管が破れて寺町通りが金曜日まで通れなくなり、車は石切り場の方へ回るよう求められている。",
            "議会は図書館を土曜にも開けることを一票差で決め、子どもたちの親から喜びの声が上がった。",
        ),
        "谷間新聞は読者の皆さまのものであり、書く相手からお金を受け取ることはありません。間違いに気づいたときはすぐに直します。",
    ),
}


@pytest.mark.parametrize("language", AROUND)
@pytest.mark.parametrize("second", [A.replace("/1", "/2"), B])
def test_briefs_in_one_frame_are_new_before_the_frame_is_known(language: str, second: str) -> None:
    above, briefs, below = AROUND[language]
    desk = Desk()
    desk.relation(A, [above, briefs[0], below])
    for at, brief in enumerate(briefs[1:]):
        assert desk.relation(f"{second}/{at}", [above, brief, below]) is None


def test_a_copy_of_which_one_passage_was_written_anew_is_a_copy() -> None:
    text = story(1)
    anew = [*text[:4], text[4].split(". ")[0] + ". " + sentence(random.Random(5), 12), *text[5:]]
    desk = Desk()
    desk.relation(A, text)
    assert desk.relation(B, anew) == ("syndicated", A)


@pytest.mark.parametrize("seed", range(6))
def test_two_texts_have_the_same_in_common_whichever_came_first(seed: int) -> None:
    texts = [Words(sign(record["body"])) for record in records(seed, 60)]
    texts += [Words(sign("\n".join(part))) for part in moved(seed)]
    for one, other in combinations(texts, 2):
        for same_site in (True, False):
            here, there = (compare(*pair, same_site=same_site) for pair in ((one, other), (other, one)))
            assert (here is None) is (there is None)
            assert here is None or there == here._replace(first=here.second, second=here.first)


def moved(seed: int) -> list[list[str]]:
    """Texts in a script without spaces: sentences in other orders, some twice, some changed."""
    dice, made = random.Random(seed), []
    sentences = [
        "".join(dice.choices("海山川空木花鳥風月雪雨石火水金土日星", k=14)) + "。" for _ in range(14)
    ]
    for _ in range(6):
        order = sorted(dice.choices(range(14), k=14), key=lambda at: at + dice.random() * 4)
        made.append([sentences[at][dice.randrange(3) :] for at in order])
    return made


@pytest.mark.parametrize("text", ["", "Video", "We use cookies. Accept all or choose.", "照片"])
def test_texts_that_tell_nothing_are_related_to_nothing(text: str) -> None:
    desk = Desk()
    assert [desk.relation(url, text) for url in (A, B, C)] == [None, None, None]


def test_a_round_up_links_to_its_stories_and_joins_neither() -> None:
    desk, one, two = Desk(), story(1), story(2)
    desk.relation(A, one)
    desk.relation(B, two)
    verdict = desk.take(article(C, [*one[:4], *two[:4]]))
    assert verdict.relation is None
    assert {(link.kind.value, link.to) for link in verdict.links} == {("contains", A), ("contains", B)}
    assert desk.relation("https://d.example/1", one[:6]) == ("syndicated", A)
    assert desk.relation("https://e.example/1", two[:6]) == ("syndicated", B)


def test_a_round_up_links_to_a_story_of_which_it_holds_too_little_for_a_copy() -> None:
    desk, one, two = Desk(), story(1, 10), story(2, 4)
    desk.relation(A, one)
    desk.relation(B, two)
    verdict = desk.take(article(C, [*one[:3], *two[:3], *story(3, 3)]))
    assert (verdict.relation, {link.to for link in verdict.links}) == (None, {A, B})
    assert desk.relation("https://d.example/1", one[:4]) == ("syndicated", A)


def test_a_part_of_a_story_alone_is_neither_a_copy_nor_a_round_up() -> None:
    desk = Desk()
    desk.relation(A, story(1, 10))
    verdict = desk.take(article(B, [*story(1, 10)[:3], *story(3, 6)]))
    assert (verdict.relation, verdict.links) == (None, ())


def test_a_round_up_of_whole_stories_is_not_taken_for_their_origin() -> None:
    desk = Desk()
    desk.relation(A, story(1))
    desk.relation(B, story(2))
    links = desk.take(article(C, [*story(1), *story(2)])).links
    assert [link.evidence.get("origin") for link in links] == [None, None]


def test_the_agency_that_a_page_credits_is_the_origin() -> None:
    desk, text = Desk(), story(1)
    desk.take(article(A, text, credit=Credit(agencies=("Dale Wire",)), published="2031-05-01"))
    relation = desk.take(article(B, text[:7], publisher="Dale Wire", published="2031-05-02")).relation
    assert relation is not None
    assert (relation.evidence["origin"], relation.evidence["origin_by"]) == ("this", "credit")
