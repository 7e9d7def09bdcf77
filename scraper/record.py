"""The record: one article as a JSON object, the same in exports, fixtures and the database."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, cast

from scraper.model import (
    Article,
    ArticleId,
    Credit,
    Dateline,
    Image,
    Kind,
    KindVerdict,
    Provenance,
    Relation,
    RelationKind,
)
from scraper.text_blocks import (
    BlockKind,
    Cell,
    MarkKind,
    TextBlock,
    TextMark,
    body_of,
    plain_block,
    to_blocks,
)

if TYPE_CHECKING:
    from collections.abc import Callable

SCHEMA_VERSION = 1
_FIELDS = frozenset(field.name for field in dataclasses.fields(Article))
_LISTS = ("authors", "editors", "tags", "restrictions")
_PARTS: Mapping[str, type[Any]] = {
    part.__name__: part
    for part in (Credit, Dateline, Image, KindVerdict, Provenance, Relation, TextBlock, TextMark, Cell)
}
"""Classes whose values are objects in a record."""
_NAMED = {kind.__name__: kind for kind in (Kind, BlockKind, MarkKind)}
"""Classes whose values are names in a record."""


def article_id(article: Article) -> ArticleId:
    """Return 16 hex digits of the canonical address, or of the text where there is no address."""
    identity = article.canonical_url or article.body
    return ArticleId(hashlib.sha256(identity.encode()).hexdigest()[:16])


def to_record(
    article: Article, *, content_hash: str, relation: Relation | None = None, gone: datetime | None = None
) -> dict[str, Any]:
    """Return the record as JSON types, keys in the order of the fields' documentation."""
    fields = json_types(article)
    tail = {name: fields.pop(name) for name in ("provenance", "raw_sha256", "fetched_at", "extractor")}
    return {
        "schema_version": SCHEMA_VERSION,
        "id": article_id(article),
        **fields,
        "provenance": tail["provenance"],
        "relation": json_types(relation),
        "content_hash": content_hash,
        "raw_sha256": tail["raw_sha256"],
        "fetched_at": tail["fetched_at"],
        "gone": json_types(gone),
        "extractor": tail["extractor"],
    }


def to_article(record: Mapping[str, Any], *, body: str) -> Article:
    """Return the article of a record's fields, which are as `to_record` makes them."""
    credit, dateline, fetched_at = record["credit"], record["dateline"], record["fetched_at"]
    return Article(
        **dict(record)
        | {name: tuple(record.get(name, ())) for name in _LISTS}  # restrictions: absent before version 0.2
        | {
            "kind": Kind(record["kind"]),
            "verdict": KindVerdict(**record["verdict"]) if record.get("verdict") else None,
            "body": body,
            "blocks": to_blocks(record.get("blocks", ())),
            "credit": Credit(**credit | {"agencies": tuple(credit.get("agencies", ()))}) if credit else None,
            "dateline": Dateline(**dateline) if dateline else None,
            "images": tuple(Image(**image) for image in record["images"]),
            "provenance": {name: Provenance(**origin) for name, origin in record["provenance"].items()},
            "fetched_at": datetime.fromisoformat(fetched_at) if fetched_at else None,
        }
    )


def record_told(record: Mapping[str, Any], given: Mapping[str, Any]) -> Article:
    """Return the article of a record that others may have written: whatever it lacks is as `given`.

    Keys that no article has are passed over, and so are blocks that are not those of its body. Raises
    ValueError, which names the key, for a value of another type, and for a moment that is none.
    """
    present = {name: value for name, value in record.items() if value is not None or name == "canonical_url"}
    told = {name: value for name, value in {**given, **present}.items() if name in _FIELDS}
    absent: dict[str, Any] = {name: [] for name in (*_LISTS, "images", "blocks")} | {
        "kind": Kind.ARTICLE.value,
        "provenance": {},
    }
    whole: dict[str, Any] = dict.fromkeys(_FIELDS) | absent | told
    if whole["body"] is None:
        raise ValueError("the key 'body' is missing")
    _check(Article, whole, "")
    read_moment(whole["fetched_at"], "fetched_at")
    article = to_article(whole, body=whole["body"])
    is_whole = body_of(article.blocks) == article.body
    return article if is_whole else dataclasses.replace(article, blocks=())


def read_relation(told: object) -> Relation | None:
    """Return the relation that a record names, if any. Raises ValueError likewise."""
    if told is None:
        return None
    relation = {"evidence": {}} | _object(told, "relation")
    _check(Relation, relation, "relation.")
    kind = _one_of(RelationKind, relation["kind"], "relation.kind")
    return Relation(**relation | {"kind": kind})


def read_moment(told: object, name: str) -> datetime | None:
    """Return the moment that a key of a record names, if any. Raises ValueError."""
    if told is None:
        return None
    try:
        moment = datetime.fromisoformat(_typed(told, str, name))
        if not moment.tzinfo:
            raise ValueError("it must name its zone, as 2026-05-20T08:00:00Z does")  # noqa: TRY301 - as the others
        return moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"the key {name!r}: {error}") from error


def _check(kind: type[Any], told: Mapping[str, Any], above: str) -> None:
    """Raise ValueError for a value that is none of those which a class takes."""
    for field in dataclasses.fields(kind):
        name = f"{above}{field.name}"
        if field.name in told:
            _check_value(str(field.type), told[field.name], name)
        elif field.default is field.default_factory:  # both are missing
            raise ValueError(f"the key {name!r} is missing")
    if unknown := sorted(set(told) - {field.name for field in dataclasses.fields(kind)}):
        raise ValueError(f"the key {above}{unknown[0]!r} is unknown")


def _check_value(kind: str, value: object, name: str) -> None:
    """Raise ValueError for a value that is not what an annotation of the model says."""
    optional = kind.removesuffix(" | None")
    if value is None and optional != kind:
        return
    if optional in _PARTS:
        _check(_PARTS[optional], _object(value, name), f"{name}.")
    elif optional.startswith("tuple["):
        inner = optional.removeprefix("tuple[").removesuffix(", ...]")
        for item in _typed(value, list, name):
            _check_value(inner, item, name)
    elif optional == "Mapping[str, Provenance]":
        for key, item in _object(value, name).items():
            _check_value("Provenance", item, f"{name}.{key}")
    elif optional.startswith("Mapping["):
        _object(value, name)
    elif optional in _NAMED:
        _one_of(_NAMED[optional], value, name)
    else:
        _typed(value, {"bool": bool, "int": int, "float": (int, float)}.get(optional, str), name)


def _object(value: object, name: str) -> dict[str, Any]:
    return cast("dict[str, Any]", _typed(value, dict, name))


def _typed(value: object, kind: Any, name: str) -> Any:  # noqa: ANN401 - a type or several
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        told = {str: "text", dict: "an object", list: "a list", bool: "true or false"}.get(kind, "a number")
        raise ValueError(f"the key {name!r} must be {told}")
    return value


def _one_of(kind: Callable[[str], Any], value: object, name: str) -> Any:  # noqa: ANN401
    try:
        return kind(_typed(value, str, name))
    except ValueError as error:
        raise ValueError(f"the key {name!r}: {error}") from error


def instant(moment: datetime) -> str:
    """Return the moment in UTC.

    >>> instant(datetime(2014, 5, 20, 8, tzinfo=UTC))
    '2014-05-20T08:00:00Z'
    """
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def to_json(record: dict[str, Any]) -> str:
    """Return the record as one line."""
    return json.dumps(record, ensure_ascii=False, separators=(", ", ": "))


def json_types(value: Any) -> Any:  # noqa: ANN401 - JSON has no narrower type
    """Return a dataclass, and all that it holds, as JSON types: moments in UTC, days in ISO 8601.

    >>> json_types({"day": date(2014, 5, 20), "at": datetime(2014, 5, 20, 8, tzinfo=UTC), "of": ("a", 1)})
    {'day': '2014-05-20', 'at': '2014-05-20T08:00:00Z', 'of': ['a', 1]}
    """
    if value is None or isinstance(value, (str, int, float)):
        return value
    if isinstance(value, date):  # a moment is one, too
        return instant(value) if isinstance(value, datetime) else value.isoformat()
    if isinstance(value, Mapping):
        return {key: json_types(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [json_types(item) for item in value]
    if isinstance(value, TextBlock):
        return plain_block(value)
    return {field.name: json_types(getattr(value, field.name)) for field in dataclasses.fields(value)}
