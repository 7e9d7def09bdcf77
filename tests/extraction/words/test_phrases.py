from __future__ import annotations

import pytest

from scraper.extraction.words.phrases import BOT_WALL, ERROR, plain


@pytest.mark.parametrize(
    "text",
    [
        "Strona, której szukasz, nie istnieje.",
        "La página, que antes estaba aquí, no existe.",
        "La página que busca no existe.",
        "A página, ou a notícia, não foi encontrada.",
        "La page, que vous cherchez, n’existe plus.",
        "Die Seite, die Sie suchen, wurde verschoben.",
        "Страница, которую вы ищете, не найдена.",
        "Sidan, som du söker, finns inte.",
        "الصفحة، التي تبحث عنها، غير موجودة",
        "No encontramos lo que buscabas",
        "Es posible que la nota haya sido eliminada o que la dirección esté mal escrita.",
        "A matéria foi removida.",
        "Szukany artykuł został usunięty lub przeniesiony w inne miejsce.",
        "Článek byl smazán.",
        "L'articolo è stato rimosso.",
        "Материал удалён",
    ],
)
def test_an_error_page_says_so_whatever_stands_between_its_words(text: str) -> None:
    assert ERROR.search(plain(text))


@pytest.mark.parametrize(
    "text",
    [
        "Verifique que usted es humano",
        "Verifica que eres una persona",
        "Compruebe que no es un robot",
        "Demuestra que eres humano para continuar",
        "Resuelva el captcha para seguir",
        "Verifique se você é humano",
        "Confirme que não é um robô",
        "Prove que você é humano",
        "Resolva o captcha para continuar",
    ],
)
def test_a_wall_asks_whether_a_person_reads(text: str) -> None:
    assert BOT_WALL.search(plain(text))


@pytest.mark.parametrize(
    "text",
    [
        "El juez confirmó que el alcalde es una persona de la lista.",
        "A página do clube existe desde 2009.",
        "No encontramos sobrevivientes, dijo el jefe de los bomberos.",
        "El artículo 12 de la ley exige que la nota sea firmada.",
        "Materiał niedostępny w Polsce sprowadzono z Danii.",
        "Die Seiten des Stadtplans liegen im Rathaus aus.",
    ],
)
def test_a_sentence_of_the_news_is_neither(text: str) -> None:
    assert not ERROR.search(plain(text))
    assert not BOT_WALL.search(plain(text))
