"""The language of a text: as declared, unless the text plainly is in another."""

from __future__ import annotations

import dataclasses
import re
import unicodedata
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING

from scraper.extraction.fields.candidates import Finding, finding, settle
from scraper.extraction.page import jsonld

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scraper.extraction.fields.context import FieldContext

_TAG = re.compile(
    r"\A\s*([A-Za-z]{2,3})(?:[-_]([A-Za-z]{4}))?(?:[-_]([A-Za-z]{2}|\d{3}))?(?:[-_.@;,].*)?\s*\Z"
)
_WORD = re.compile(r"[^\W\d_]+")
_SAMPLE = 2_000
"""Characters that are read; a thousand tell languages apart, more steady the close ones."""
_FEW = 8
"""Function words below which nothing is said about a text."""

# words of grammar that are frequent in one language and rare in its neighbours
_WORDS = {
    "en": "the of and to in that is was for with as his on be at by have from are this not which had were",
    "de": "der die und das ist nicht den von mit sich des auf für im dem ein eine als auch es wird aus",
    "fr": "le la les des et est une pour dans qui sur pas que au avec ce il du plus par sont cette mais",
    "es": "el los las del que y una por con para se su al como más pero sus le ha este también fue entre",
    "pt": "o os um uma não em para com que do da dos das no na mais foi ao pelo pela são também ele ou seu",
    "it": "il lo gli che di è un una per non con del della sono nel alla anche più dei le si come ma da ha",
    "nl": "de het een van en dat niet zijn op met voor te er aan ook als maar bij nog dan naar om wordt",
    "sv": "och att det som en på är av för med den till inte har ett om var jag men från vid han kan eller",
    "da": "og at det er en til af på den for med ikke der har som et de var han men jeg fra ved kan eller",
    "no": "og det er en til av på den for med ikke som har et de var han men jeg fra ved kan eller etter",
    "fi": "ja on ei että se oli hän mutta ovat kun myös joka mukaan tai jos kuin vain ole sen sekä ovat",
    "pl": "i w na nie się że z do to jest o jak po co ale za od przez dla przy być są tym tego oraz jego",
    "cs": "a v se na je že s z do o k i to ve pro za by ale jsem podle jako po od byl už také která jeho",
    "sk": "a v sa na je že s z do o k aj to vo pre za by ale som podľa ako po od bol už ktorá jeho ktoré",
    "hu": "a az és hogy nem is egy ez volt meg de csak már el van mint még ki ha szerint után lesz azt sem",
    "ro": "și în de la a cu care pe nu din o că mai un pentru este sunt au fost să ce prin dar ale lui",
    "tr": "ve bir bu da de için ile olarak çok daha olan ama gibi en sonra kadar ne var değil ki her oldu",
    "hr": "i je u se na da za su od a s to o kao koji ali će bi što iz nije ne te po bio sve još samo prema",
    "sl": "in je v se na da za so z ki pa s ne tudi po kot bo ali od bi še ni do pri le ter iz sta bil",
    "lt": "ir į kad su yra iš bet tai ne o už kaip buvo apie dar po jau ar nuo taip pat jo savo prie kurie",
    "lv": "un ir no ar uz ka par tas bet kā gan pie arī bija nav lai vai pēc tiek jau to viņš šo kas",
    "et": "ja on ei et see oli aga ta ka kui mis oma või nii ning selle kes mille pärast juba seda olid",
    "id": "dan yang di dengan ini untuk dari pada tidak itu dalam akan juga ke oleh karena ada mereka",
    "vi": "và của là có được trong cho không các một với người này đã khi đến những từ cũng để năm ra ông",
    "ca": "els les i amb és al del més ha han però aquest aquesta també seva seu per als dels ho hi",
    "sq": "dhe të në një për me që nga është si ka do nuk por më kjo ky janë ishte pas edhe",
    "sw": "na ya wa kwa ni la za katika kuwa cha hiyo huo wake hilo lakini pia yake baada mwaka huku ambao",
    "zu": "ukuthi futhi uma ngoba kodwa lapho ngesikhathi umuntu abantu kusho ngemuva kanye nje naye yena",
    "af": "die en van is het in nie dat op te met vir hy wat sy was om aan een ook maar ek by as word deur",
    "eu": "eta da ez bat izan dira du zuen dute hau ere baina egin dela izango gero beste duen dituzte",
}
_CYRILLIC = {
    "ru": "и в не на что с по это он как из у за но от для его было так же а к все был также",
    "uk": "і в на не що з у до за як та про від це але його для був або його який також було є й",
    "bg": "и на в да за не се от е с че по са ще като това до при но което тази той има бе",
    "sr": "и у је да се на за су од са не то као који али ће би што из није по био све још",
    "mk": "и на во да за не се од е со што ќе по дека ги кои тоа до но како беше или",
    "be": "і ў не на што з па гэта ён як з у за але ад для яго было так жа а да ўсё быў",
}
_ARABIC = {
    "ar": "في من على أن إلى عن التي الذي مع هذا هذه كان بعد ما لا كما بين قال وقد",
    "fa": "و در به از که این را با است برای آن یک خود تا بر شد هم کرد های می",
    "ur": "کے میں کی ہے اور سے کا کو نے پر کہ یہ ہیں بھی اس ایک تھا جو گیا",
}
_SETS = {
    code: frozenset(words.split()) for table in (_WORDS, _CYRILLIC, _ARABIC) for code, words in table.items()
}
_SCRIPTS = {
    "HIRAGANA": "ja",
    "KATAKANA": "ja",
    "HANGUL": "ko",
    "THAI": "th",
    "GREEK": "el",
    "HEBREW": "he",
    "DEVANAGARI": "hi",
    "BENGALI": "bn",
    "TAMIL": "ta",
    "TELUGU": "te",
    "GUJARATI": "gu",
    "GEORGIAN": "ka",
    "ARMENIAN": "hy",
    "KHMER": "km",
    "CJK": "zh",
}
_KNOWN = frozenset({*_SETS, *_SCRIPTS.values()})
_FOREIGN = re.compile(r"[^\x00-\u0300]")
"""Signs below are those of European languages in Latin script."""
_PLAIN = 0.75
"""How sure a text must be of another language to overrule the declared: its words are twice as many.

That they are twice as many as the declared one's is enough: a third language has no say.
"""
_SAME_SCRIPT = {"hi": {"mr", "ne", "sa"}, "bn": {"as"}, "he": {"yi"}, "zh": {"ja", "yue", "lzh"}}


def canonical(tag: str | None) -> str | None:
    """Return a language tag as BCP 47 writes it, or None for what is none.

    >>> canonical("EN_us"), canonical("de-DE.UTF-8"), canonical("zh-hant-tw"), canonical("English")
    ('en-US', 'de-DE', 'zh-Hant-TW', None)
    """
    match = _TAG.match(tag or "")
    if not match or match[1].lower() in {"xx", "und", "zxx", "mul"}:
        return None
    parts = (match[1].lower(), (match[2] or "").title(), (match[3] or "").upper())
    return "-".join(part for part in parts if part)


def detect(text: str) -> tuple[str, float] | None:
    """Return the language that a text is in and how sure that is, or None where it is too short to tell.

    >>> detect("The council said that it would repair the bridge, which was closed by the storm in May.")
    ('en', 0.812)
    """
    sample = text[:_SAMPLE]
    if script := _script(sample):
        return script
    counts, total = _counts(sample)
    (best, code), (second, _) = sorted(((count, code) for code, count in counts.items()), reverse=True)[:2]
    if best < _FEW or best < total / 20:
        return None
    return code, round(min(0.99, 0.5 + (best - second) / (2 * best)), 3)


def _counts(sample: str) -> tuple[Mapping[str, int], int]:
    """Return how many words of a text are function words of each language, and how many words there are."""
    words, languages = Counter(_WORD.findall(sample.lower())), _languages()
    counts = dict.fromkeys(_SETS, 0)
    for word in words.keys() & languages.keys():
        for code in languages[word]:
            counts[code] += words[word]
    return counts, words.total()


@cache
def _languages() -> Mapping[str, Sequence[str]]:
    """Return for each function word the languages that have it."""
    languages: dict[str, list[str]] = {}
    for code, words in _SETS.items():
        for word in words:
            languages.setdefault(word, []).append(code)
    return languages


def _script(text: str) -> tuple[str, float] | None:
    """Return the language of a script that one language writes, where it makes a third of the letters."""
    start = text[:600]
    if start.isascii():
        return None
    foreign = list(filter(str.isalpha, _FOREIGN.findall(start)))
    letters = sum(map(str.isalpha, start))
    if len(foreign) * 3 < letters:
        return None
    counts = Counter(
        _SCRIPTS.get(unicodedata.name(letter, "").split(" ")[0].split("-")[0]) for letter in foreign
    )
    del counts[None]
    if not counts or counts.total() * 3 < letters:
        return None
    if counts["ja"] * 10 > counts.total():
        return "ja", 0.95
    code, count = counts.most_common(1)[0]
    return str(code), round(0.6 + 0.39 * count / counts.total(), 3)


def find_language(context: FieldContext, body: str) -> tuple[Finding, ...]:
    """Return the candidates for the language; the text's own words overrule a wrong declaration."""
    harvest, page, site = context.harvest, context.document.page, context.document.site
    declared = [("html:html[lang]", harvest.language, 0.9)]
    declared += [
        ("json-ld", text, 0.85)
        for text in jsonld.texts(context.node("inLanguage"), ("alternateName", "name", "@value"))[:2]
    ]
    for name, score in (
        ("og:locale", 0.8),
        ("content-language", 0.75),
        ("language", 0.75),
        ("dc.language", 0.75),
        ("dcterms.language", 0.75),
        ("inlanguage", 0.75),
    ):
        declared += [(f"meta:{name}", value, score) for value in harvest.meta.get(name, ())[:1]]
    if page.hints and page.hints.language:
        declared.append((page.hints.source, page.hints.language, 0.7))
    declared.append(("site", site.language, 0.6))
    found = [
        finding(source, raw or "", tag, score) for source, raw, score in declared if (tag := canonical(raw))
    ]
    if read := detect(body):
        found = _compared(found, body, *read)
    return settle(found, key=_base)


def _compared(found: list[Finding], body: str, code: str, sure: float) -> list[Finding]:
    """Return the declared languages with the one that the text is in before those that it is not in."""
    if any(_base(item.value) == code for item in found):
        return [
            item if _base(item.value) == code else dataclasses.replace(item, score=item.score / 2)
            for item in found
        ]
    if any(
        _base(item.value) not in _KNOWN or _base(item.value) in _SAME_SCRIPT.get(code, ()) for item in found
    ):
        return found  # a language that is not told apart here
    counts, _ = _counts(body[:_SAMPLE])
    rival = max((counts.get(_base(item.value), 0) for item in found), default=counts.get(code, 0))
    is_plain = sure >= _PLAIN or rival * 2 < counts.get(code, 0)
    score = 0.95 if is_plain else sure / 2
    words = finding("text:words", body[:80], code, score, "the words are this language's", binding=is_plain)
    return [*found, words]


def _base(tag: str) -> str:
    base = tag.split("-", maxsplit=1)[0]
    return {"nb": "no", "nn": "no", "bs": "hr"}.get(base, base)
