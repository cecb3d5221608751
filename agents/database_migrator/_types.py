"""Tells what one type of a column can hold beside another, whatever the dialect calls them."""

from __future__ import annotations

import re

_FAMILIES = {
    "text": "char varchar nvarchar nchar character string text mediumtext longtext tinytext clob citext unicode "
    "unicodetext charfield textfield emailfield urlfield slugfield richtextfield filepathfield varchar2 nvarchar2",
    "int": "int integer int2 int4 int8 tinyint smallint mediumint bigint serial bigserial smallserial integerfield "
    "biginteger smallinteger bigintegerfield smallintegerfield positiveintegerfield positivesmallintegerfield "
    "positivebigintegerfield autofield bigautofield long",
    "number": "numeric decimal float double real money float4 float8 floatfield decimalfield number",
    "bool": "bool boolean bit booleanfield nullbooleanfield",
    "time": "date datetime timestamp timestamptz time datetimefield datefield timefield datetime2 datetimeoffset",
    "json": "json jsonb jsonfield",
    "uuid": "uuid uuidfield uniqueidentifier",
    "binary": "bytea blob binary varbinary largebinary binaryfield mediumblob longblob",
}
_FAMILY = {word: family for family, words in _FAMILIES.items() for word in words.split()}
_RANKS = {"tinyint": 0, "small": 1, "int2": 1, "medium": 2, "big": 4, "int8": 4, "long": 4}
_SHORT = {"char", "varchar", "nvarchar", "character", "string", "charfield", "emailfield", "urlfield", "slugfield"}
_WORD = re.compile(r"[a-z_0-9]+")


def rewrites(was: str, now: str) -> bool:
    """Whether PostgreSQL writes each row anew for it; where the type before is not known, nobody can tell."""
    families = family(was), family(now)
    if not all(families):
        return False
    if families[0] != families[1] or families[0] == "int":
        return families[0] != families[1] or _size(was, "int") != _size(now, "int")
    return narrower(was, now, families[0])


def narrower(was: str, now: str, kind: str) -> bool:
    """Whether *now* cannot hold all that *was* of the same *kind* can."""
    if ("unsigned" in was) != ("unsigned" in now):
        return True
    if kind == "number":
        before, after = _digits(was), _digits(now)
        return any(a < b for a, b in zip(after, before, strict=True))
    return kind in ("int", "text") and _size(now, kind) < _size(was, kind)


def _digits(kind: str) -> tuple[int, int]:
    """Digits before and behind the point that a number may have."""
    said = re.search(r"\((\d{1,4})(?:\s*,\s*(\d{1,4}))?", kind)
    if not said:
        return 10**6, 10**6
    return int(said.group(1)) - int(said.group(2) or 0), int(said.group(2) or 0)


def family(kind: str) -> str:
    words = _WORD.findall(kind)
    return _FAMILY.get(words[0], "") if words else ""


def _size(kind: str, family: str) -> int:
    if family == "int":
        return next((rank for word, rank in _RANKS.items() if word in kind), 3)
    length = re.search(r"\((\d{1,9})", kind)
    if length:
        return int(length.group(1))
    return 255 if _WORD.findall(kind)[0] in _SHORT and kind.endswith("field") else 10**9
