from __future__ import annotations

import pytest

from scraper.extraction.fields.language import canonical, detect
from tests.extraction.pages import metadata

GERMAN = "Der Rat hat am Montag beschlossen, dass die Brücke nach dem Hochwasser nicht mehr für den Verkehr geöffnet wird, und das ist auch gut so."
ENGLISH = "The council said on Monday that it would not open the bridge to traffic after the flood, and that this was for the best."


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (ENGLISH, "en"),
        (GERMAN, "de"),
        (
            "Le conseil a dit lundi que le pont ne sera pas ouvert à la circulation après la crue, et que c'est mieux pour les gens dans la ville.",
            "fr",
        ),
        (
            "El consejo dijo el lunes que el puente no se abrirá al tráfico después de la crecida y que es lo mejor para la gente de los barrios.",
            "es",
        ),
        (
            "O conselho disse na segunda-feira que a ponte não será aberta ao trânsito e que isso é o melhor para as pessoas, mas não já.",
            "pt",
        ),
        (
            "Совет сообщил в понедельник, что мост не откроют после наводнения, и это было лучше для всех, но не для его соседей, как и для нас.",
            "ru",
        ),
        (
            "Рада повідомила у понеділок, що міст не відкриють після повені, і це було краще для всіх, але не для його сусідів, як і для нас.",
            "uk",
        ),
        ("橋は洪水の後に開かれないと評議会は月曜日に述べた。", "ja"),
        ("시의회는 월요일에 홍수 이후 다리를 열지 않겠다고 말했다.", "ko"),
        ("Το συμβούλιο είπε τη Δευτέρα ότι η γέφυρα δεν θα ανοίξει.", "el"),
        ("short", None),
    ],
)
def test_a_text_is_told_by_its_words_or_its_script(text: str, language: str | None) -> None:
    found = detect(text)
    assert (found[0] if found else None) == language


def test_the_declared_language_holds_unless_the_text_plainly_is_in_another() -> None:
    assert metadata('<html lang="en-GB"><p>x</p>', body=[ENGLISH * 2]).language == "en-GB"
    found = metadata('<html lang="en"><p>x</p>', body=[GERMAN * 2])
    assert (found.language, found.provenance["language"].source) == ("de", "text:words")
    assert metadata('<html lang="lb"><p>x</p>', body=[GERMAN * 2]).language == "lb"


def test_a_third_language_that_is_like_the_text_s_does_not_save_a_wrong_declaration() -> None:
    text = "Les bergers ont conduit les troupeaux sur la place et demandent des chiens, a dit un des élus dans les rues. Les brebis sont là."
    assert metadata('<html lang="en"><p>x</p>', body=[text * 2]).language == "fr"


def test_the_source_that_agrees_with_the_text_goes_before_the_one_that_does_not() -> None:
    html = '<html lang="en"><meta property="og:locale" content="de_AT"><p>x</p>'
    assert metadata(html, body=[GERMAN * 2]).language == "de-AT"


def test_tags_are_written_as_bcp_47() -> None:
    assert [canonical(tag) for tag in ("EN_us", "de", "zh-hant-tw", "x", "", None)] == [
        "en-US",
        "de",
        "zh-Hant-TW",
        None,
        None,
        None,
    ]
