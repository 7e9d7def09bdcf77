"""Names in Chinese, Japanese and Korean bylines, where neither spaces nor capitals show them."""

from __future__ import annotations

import re
from functools import cache

from scraper.extraction.words.bylines import byline_words
from scraper.extraction.words.lexicon import lexicon

_HAN = "\u3005\u3400-\u9fff\uf900-\ufaff"
_KANA = "\u3040-\u30ff"
_HANGUL = "\uac00-\ud7af"
_LETTER = f"[{_HAN}{_KANA}{_HANGUL}]"
_JOINED = re.compile(_LETTER)
_HAN_NAME = re.compile(rf"[{_HAN}]{{2,4}}")
_SHORT_HAN = re.compile(rf"[{_HAN}]{{1,3}}")
_MIXED_NAME = re.compile(rf"(?=.*[{_KANA}])[{_HAN}{_KANA}]{{2,8}}|[{_HANGUL}]{{2,4}}")
_NAME = re.compile(rf"[{_HAN}{_KANA}{_HANGUL}·.]{{2,16}}")
_KOREAN_NAMES = rf"[{_HANGUL}]{{2,4}}(?:[·,/]\s*[{_HANGUL}]{{2,4}}){{0,4}}"
_WIDE = str.maketrans("：／＝（）［］【】〔〕｜丨，；　", ":/=()[][][]||,; ")
_FIGURES = re.compile(r"[|\d].*\Z")
_NEXT_LABEL = re.compile(r"(?:\A|\s)[^\s:]{1,8}\Z")
_DATED = re.compile(
    r"\s*(?:[^\W\d_]{0,2}(?:입력|등록|승인|수정|송고|发布|發布|发表|發表|更新|公開|配信|掲載)"
    r"(?:时间|時間|日時|于|於)?[ :]*)?"
    r"(?:19|20)\d\d\s?[-./年년]\s?\d\d?(?:\s?[-./月월]\s?\d\d?\s?[日일.]?)?"
    r"(?:\s*(?:오전|오후|午前|午後|上午|下午)?\s*\d\d?\s?[:時时시点點]\s?\d\d(?::\d\d)?\s?[分분]?)?\s*"
)
_BETWEEN = re.compile(
    rf"\s*[、,;/&]\s*|\s+(?:和|与|與|と|및)\s+|(?<=\S{{2}})\s+(?=\S{{2}})|(?<=[{_HANGUL}])·"
)
_WHAT_FOLLOWS = re.compile(
    r"\s+(?:出自|来自|來自|发布|發布|发表|發表|发自|整理|编译|編譯|综合|综述|报道|報道|供稿|来稿|投稿|"
    r"点击|浏览|阅读|字体|图片|写真|の写真).*\Z"
)
_DOT = re.compile("[·・]")
_BRACKETED = re.compile(r"(?:\A|[。」』.!?！？])\s*[(\[](?P<inner>[^()\[\]:]{2,30})[)\]]\s*\Z")
_OFFICE = re.compile(
    r"(?:[部局社班報报网網台团團室课課組组팀부국]|新聞|新闻|通信|支局|本部|編集|뉴스|신문|일보|방송)\Z"
)
_POSTED = re.compile(rf"[{_HAN}{_KANA}・]{{2,10}}=(?P<name>[{_HAN}]{{3,5}})")
_POST = re.compile(r"[本此原该][贴帖文]由\s*(?P<name>[^\s\d,:;()\[\]]{2,16}?)\s*[于於在]\s*\d{2,4}")
_EDGE = 60
"""Characters at the beginning and the end of a paragraph in which it may name its author."""
_MAX_LINE = 80
"""Characters of a line that names its author between other things."""


def is_joined(text: str) -> bool:
    """Tell whether a text holds letters of Chinese, Japanese or Korean."""
    return not text.isascii() and bool(_JOINED.search(text))


def joined_names(text: str) -> tuple[str, ...]:
    """Return the names that a label or a trade in a line shows to be its authors'.

    >>> joined_names("来源：晨报　作者：王小明、李芳 2024-05-20"), joined_names("本报记者 欧阳海")
    (('王小明', '李芳'), ('欧阳海',))
    >>> joined_names("홍길동 기자 hong@example.org"), joined_names("记者从市政府获悉")
    (('홍길동',), ())
    """
    if len(text) > _MAX_LINE or not is_joined(text):
        return ()
    line = _undated(text)
    for match in _labelled().finditer(line):
        if found := _split(_before_label(match["names"], line[match.end() :])):
            return found
    for pattern in (_trade_first(), _trade_last()):
        for match in pattern.finditer(line):
            found = _split(match["names"])
            is_glued = pattern is _trade_first() and not match["gap"]
            is_others = _others_first().search(line, 0, match.start())
            if found and not is_others and not (is_glued and not found[0].startswith(_surnames())):
                return found
    alone = _label_alone().match(line)
    found = _split(alone["names"]) if alone else ()
    return found if all(map(_reads_as_name, found)) else ()


def _undated(text: str) -> str:
    """Return a line in narrow signs, a bar for every day in it."""
    return _DATED.sub("|", text.translate(_WIDE)).strip(" |")


def _before_label(named: str, rest: str) -> str:
    """Return a list of names without the label that begins at its end: "王小明 编辑", ": 李芳"."""
    before = _others_next().split(named + rest[:1])[0]
    return _NEXT_LABEL.sub("", named) if before == named + ":" else before.removesuffix(rest[:1])


def joined_names_at_edges(text: str) -> tuple[str, ...]:
    """Return the names with a trade at the start or the end of a paragraph, or those in brackets at its end.

    >>> joined_names_at_edges("(서울=연합뉴스) 홍길동 기자 = 강물이 불어 다리 두 곳이 모두 통제됐다.")
    ('홍길동',)
    >>> joined_names_at_edges("市長は秋に結論を出すと約束した。（山田太郎）")
    ('山田太郎',)
    """
    if not is_joined(text):
        return ()
    head, tail = text[:_EDGE].translate(_WIDE), text[-_EDGE:].translate(_WIDE)
    first = _wire().match(head)
    if first and (found := _split(first["zh"] or first["sent"] or first["press"] or first["ko"])):
        return found
    if match := _BRACKETED.search(tail):
        return joined_names(match["inner"]) or _bare_pieces(match["inner"])
    tail = re.split(r"[。.](?=\s)|。", tail)[-1] if len(text) > _EDGE else ""
    match = _trade_last().search(tail) if tail else None
    return _split(match["names"]) if match else ()


def bare_joined_names(text: str) -> tuple[str, ...]:
    """Return the names of a text that is a list of names, with figures behind it, and nothing else.

    >>> bare_joined_names("谢若含2017-03-01 14:27:02"), bare_joined_names("科技")
    (('谢若含',), ())
    """
    if len(text) > _MAX_LINE or not is_joined(text):
        return ()
    line = _FIGURES.sub("", text.translate(_WIDE).strip()).strip(" ,-")
    found = _split(line)
    return found if all(map(_reads_as_name, found)) else ()


def posted_names(text: str) -> tuple[str, ...]:
    """Return who sends a report or a post: "ワシントン＝川田次郎", "本贴由王小明于2005年8月12日发表"."""
    match = _POSTED.fullmatch(_undated(text)) or _POST.search(text.translate(_WIDE).strip())
    return (match["name"],) if match else ()


def labelled_login(text: str) -> str:
    """Return the name to sign in with that a label shows to be the author's.

    >>> labelled_login("作者：River_Writer 阅读：120"), labelled_login("来源：RiverNews")
    ('River_Writer', '')
    """
    match = _login().search(text.translate(_WIDE)) if len(text) <= _MAX_LINE and is_joined(text) else None
    return match["name"] if match else ""


def bracketed_names(text: str) -> tuple[str, ...]:
    """Return the names in a line that is nothing but brackets: "[田中宏昌，ITmedia]"."""
    match = _BRACKETED.fullmatch(_undated(text))
    return (joined_names(match["inner"]) or _bare_pieces(match["inner"])) if match else ()


def surname_first(text: str) -> bool:
    """Tell whether a text is a Chinese name and nothing else.

    >>> surname_first("胡平"), surname_first("科技")
    (True, False)
    """
    return bool(re.fullmatch(f"[{_HAN}]{{2,3}}", text)) and text.startswith(_surnames())


def _bare_pieces(text: str) -> tuple[str, ...]:
    if any(lexicon().find([text])):
        return ()  # a heading may stand in brackets too
    pieces = _pieces(text)
    parts = [part for piece in pieces for part in _DOT.split(piece)]
    if any(map(_OFFICE.search, parts)):  # "社会部・山田太郎"
        pieces = parts
    return tuple(piece for piece in pieces if _reads_as_name(piece) and len(piece) > 2 and "の" not in piece)  # noqa: PLR2004


def _reads_as_name(text: str) -> bool:
    """Tell whether a word reads like a name: one of two or three Chinese letters begins with a surname."""
    plain = text.replace(" ", "")
    if not _NAME.fullmatch(plain) or _OFFICE.search(plain):
        return False
    if _HAN_NAME.fullmatch(plain):
        return len(plain) > 3 or plain.startswith(_surnames()) or " " in text  # noqa: PLR2004
    return bool(_MIXED_NAME.fullmatch(plain))


def _split(text: str) -> tuple[str, ...]:
    """Return the names of a list, or none where one of its parts is no name."""
    pieces = [piece for piece in _pieces(text) if piece]
    if not pieces or not all(_NAME.fullmatch(piece.replace(" ", "")) for piece in pieces):
        return ()
    return tuple(dict.fromkeys(piece for piece in pieces if not _OFFICE.search(piece)))


def _pieces(text: str) -> list[str]:
    """Return the parts of a list; two short ones that do not both begin with a surname are one name."""
    text = _trade_behind().sub("", _trades().sub(",", _WHAT_FOLLOWS.sub("", text)))
    text = re.sub(r"\s+", " ", text).strip(" ,:;.·、")
    found: list[str] = []
    for part in filter(None, _BETWEEN.split(text)):
        if found and f"{found[-1]} {part}" in text and _are_one(found[-1], part):
            found[-1] += f" {part}"
        else:
            found.append(part)
    return [re.sub(rf"\A([{_HAN}]) ([{_HAN}])\Z", r"\1\2", part) for part in found]


def _are_one(family: str, given: str) -> bool:
    """Tell whether two words are one name: "高木 浩光" is, "宋怡 杨志华" is two."""
    if not all(_SHORT_HAN.fullmatch(word) for word in (family, given)):
        return False
    return not all(len(word) > 1 and word.startswith(_surnames()) for word in (family, given))


@cache
def _words(*kinds: str) -> str:
    words = {word for kind in kinds for word in getattr(byline_words(), kind) if _JOINED.search(word)}
    return "|".join(map(re.escape, sorted(words, key=lambda word: (-len(word), word))))


@cache
def _surnames() -> tuple[str, ...]:
    return byline_words().surname


@cache
def _labels() -> str:
    """Return what names an author; one letter only where no word goes on before it."""
    return re.sub(rf"(?:\A|(?<=\|))([{_HAN}])(?=\||\Z)", rf"(?<![{_HAN}])\1", _words("author", "written"))


@cache
def _labelled() -> re.Pattern[str]:
    """Return the pattern of a label and names: "作者：王小明", "文 | 王小明", "取材・文=山田花子"."""
    return re.compile(
        rf"(?<![译譯])(?:(?<!\w)(?:文\s*[/、&]\s*[图圖]|[图圖]\s*/\s*文)\s*[:/]?\s*|(?<!\w)文[・‧](?!写真)"
        rf"|(?:{_labels()})者?\s*[:/=|]\s*|(?<!\w)撰文[・‧]\s*"
        rf"|(?<!\w)(?:글|취재)(?:[·/]\s?사진)?\s(?=[{_HANGUL}]{{2,4}}(?:\W|\Z)))"
        rf"(?P<names>[^\d()\[\]|:=<>]{{2,60}})"
    )


@cache
def _login() -> re.Pattern[str]:
    return re.compile(rf"(?:{_labels()})者?\s*:\s*(?P<name>[A-Za-z][\w.-]{{2,30}})(?!\s*[=A-Za-z])")


@cache
def _label_alone() -> re.Pattern[str]:
    """Return the pattern of a line that is a label, a space and a name: "撰稿 王小明", "기자명 홍길동"."""
    han = rf"[{_HAN}]{{2,5}}|[{_HAN}]{{1,3}} [{_HAN}{_KANA}]{{1,4}}"
    return re.compile(rf"\A(?:{_labels()})\s+(?P<names>{han}|{_KOREAN_NAMES})(?=\Z|\|)")


@cache
def _others_next() -> re.Pattern[str]:
    """Return the pattern of the label after a list of names, of those who did something else: " 编辑|"."""
    return re.compile(
        rf"(?:\A|[\s/、,]+)[{_HAN}]{{0,4}}?"
        rf"(?:{_words('crew', 'editor', 'author', 'written')})\s*[:/=|]"
    )


@cache
def _others_first() -> re.Pattern[str]:
    """Return the pattern of such a label right before a name: "사진="."""
    return re.compile(rf"(?:{_words('crew', 'editor')})\s*[:/=|]\s*\Z")


@cache
def _trade_first() -> re.Pattern[str]:
    """Return the pattern of a trade before names: "本报记者 王小明 李芳", "记者王小明/文"."""
    # the place of a report is glued to the name: most names have three letters
    doubled = "|".join(word for word in _surnames() if len(word) > 1)
    name = rf"(?:{doubled})[{_HAN}]{{1,2}}|[{_HAN}·]{{3}}|[{_HAN}·]{{2,4}}|[{_HAN}] [{_HAN}]"
    ends = (
        rf"(?=\s*(?:\Z|[/()\[\]|]|[文图圖](?:\W|\Z)|[{_HAN}]{{0,4}}(?:{_words('editor', 'written')})"
        rf"|(?:[^\s、,/]{{2,8}})?(?:报道|報道|报导|報導|电|電)))(?!\s*/?(?:摄|攝|撮影|图|圖))"
    )
    between = rf"[\s、,]+(?:[{_HAN}]{{0,4}}(?:{_han_trades()})\s*)?"
    return re.compile(
        rf"(?:{_han_trades()})(?P<gap>\s*:\s*|\s*)"
        rf"(?P<names>(?:{name})(?:{between}(?:{name})){{0,5}}?){ends}"
    )


@cache
def _trade_last() -> re.Pattern[str]:
    """Return the pattern of names before a trade or what they did: "홍길동 기자", "王小明／綜合報導"."""
    japanese = "記者|特派員|編集委員|論説委員"
    return re.compile(
        rf"(?<!\w)(?P<names>{_KOREAN_NAMES}(?=\s*(?:[{_HANGUL}]{{2}} ?)?(?:{_korean_trades()})\s*"
        rf"(?:\Z|[=()\[\]|/·,]|[\w.]+@))"
        rf"|[{_HAN}]{{3,6}}(?=\s*(?:{japanese})\s*(?:\Z|[()\[\]|/]))"
        rf"|\A[{_HAN}]{{2,4}}(?=\s*/\s*(?:[图圖]?文|撰文|[{_HAN}]{{0,4}}(?:报道|報道|报导|報導))\s*\Z))"
    )


@cache
def _wire() -> re.Pattern[str]:
    """Return the pattern of names in a report's opening: "…电（记者王小明）", "(서울=…) 홍길동 기자 ="."""
    return re.compile(
        rf"[^。.]{{2,30}}\s*\([^()]{{0,8}}?(?:{_han_trades()})\s*:?\s*(?P<zh>[{_HAN}·、, ]{{2,30}})\)"
        rf"|\([{_HAN}]{{1,4}}[社网網](?:{_han_trades()})(?P<sent>[{_HAN}]{{2,4}}?)[{_HAN}]{{2}}\d{{1,2}}日[电電]\)"
        rf"|[(\[][^()\[\]]{{2,20}}[ =](?P<press>{_KOREAN_NAMES})\s*(?:{_korean_trades()})[)\]]"
        rf"|[(\[][^()\[\]]{{2,30}}[)\]]\s*(?P<ko>{_KOREAN_NAMES})\s*(?:[{_HANGUL}]{{2}} ?)?"
        rf"(?:{_korean_trades()})\s*="
    )


@cache
def _trades() -> re.Pattern[str]:
    """Return the pattern of a trade between names and what is joined to its front: "本报记者"."""
    return re.compile(rf"(?:\A|(?<=[\s,、]))\S{{0,12}}?(?:{_han_trades()})\s*")


@cache
def _trade_behind() -> re.Pattern[str]:
    """Return the pattern of a Korean trade behind a name in a list."""
    return re.compile(
        rf"(?<=[{_HANGUL}]{{2}}) *(?:[{_HANGUL}]{{2}} ?)?(?:{_korean_trades()})(?=\s*(?:\Z|[,·/]))"
    )


@cache
def _han_trades() -> str:
    return "|".join(re.escape(word) for word in byline_words().role if re.fullmatch(f"[{_HAN}]+", word))


@cache
def _korean_trades() -> str:
    return "|".join(re.escape(word) for word in byline_words().role if re.search(f"[{_HANGUL}]", word))
