from __future__ import annotations

import pytest

from scraper.extraction.fields.attribution.joined_names import (
    bare_joined_names,
    bracketed_names,
    joined_names,
    joined_names_at_edges,
    surname_first,
)
from tests.extraction.pages import metadata


@pytest.mark.parametrize(
    ("line", "people"),
    [
        ("作者：王小明", ("王小明",)),
        ("2024-05-20 阅读：816 来源:转载 作者:孙河", ("孙河",)),
        ("作者：李河 时间：2024-05-20", ("李河",)),
        ("作者：宋河 杨志江", ("宋河", "杨志江")),
        ("文/李 江", ("李江",)),
        ("本报记者 王小明、李芳", ("王小明", "李芳")),
        ("河畔日报记者王小明/文 受访者供图", ("王小明",)),
        ("河畔网 记者 伊河 李清江", ("伊河", "李清江")),
        ("河畔报记者 彭江 河东报道", ("彭江",)),
        ("作者：本报记者 王小明 通讯员 张三河", ("王小明", "张三河")),
        ("记者：李海河 编辑：王强", ("李海河",)),
        ("取材・文＝山田花子", ("山田花子",)),
        ("著者：川田 太郎", ("川田 太郎",)),
        ("川田太郎記者", ("川田太郎",)),
        ("홍길동 기자 hong@river.example", ("홍길동",)),
        ("홍길동·김강물 기자", ("홍길동", "김강물")),
        ("글: 홍길동", ("홍길동",)),
    ],
)
def test_a_label_or_a_trade_names_people(line: str, people: tuple[str, ...]) -> None:
    assert joined_names(line) == people
    assert metadata(before=["河水上涨", line]).authors == people


@pytest.mark.parametrize(
    "line",
    [
        "记者从市政府获悉",
        "首页｜河畔社记者看东北｜人物专访",
        "居民撤离。 本报记者 惠河 摄",
        "责任编辑：李江",
        "来源：河畔日报",
        "기자들은 강변에서 물러났다",
        "By Ada Quill",
    ],
)
def test_what_only_holds_such_a_word_names_nobody(line: str) -> None:
    assert joined_names(line) == ()


@pytest.mark.parametrize(
    ("paragraph", "people"),
    [
        ("(서울=강물뉴스) 홍길동 기자 = 밤사이 강물이 불어 다리 두 곳이 모두 통제됐다.", ("홍길동",)),
        ("河畔社上海5月20日电（记者 王小明）夜间河水上涨了两米。", ("王小明",)),
        ("市長は秋に結論を出すと約束した。（川田太郎）", ("川田太郎",)),
        ("市長は秋に結論を出すと約束した。【社会部・川田太郎】", ("川田太郎",)),
        ("市長は秋に結論を出すと約束した。（時事）", ()),
        ("市長は秋に結論を出すと約束した（先月の会議）", ()),
    ],
)
def test_a_paragraph_names_its_author_at_its_edges(paragraph: str, people: tuple[str, ...]) -> None:
    assert joined_names_at_edges(paragraph) == people


def test_a_name_alone_needs_what_shows_it() -> None:
    assert bare_joined_names("谢河含2017-03-01 14:27:02") == ("谢河含",)
    assert bare_joined_names("科技") == ()
    assert bracketed_names("[川田宏昌，ITmedia]") == ("川田宏昌",)
    assert surname_first("胡江")
    assert not surname_first("科技")


@pytest.mark.parametrize("heading", ["【関連記事】", "（相关阅读）", "【推荐阅读】", "[관련기사]"])
def test_a_heading_in_brackets_is_nobodys_name(heading: str) -> None:
    assert joined_names_at_edges(heading) == ()


@pytest.mark.parametrize("line", ["【田村千尋】", "市長は秋に結論を出すと約束した。【田村千尋】"])
def test_a_name_in_brackets_is_one(line: str) -> None:
    assert joined_names_at_edges(line) == ("田村千尋",)
