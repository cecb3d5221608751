"""The functions of Terraform whose answer depends on nothing but what they are given, as far as it is known."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from .values import (
    MAX_ENTRIES,
    MAX_TEXT,
    PRODUCTION,
    UNKNOWN,
    Mistaken,
    bounded,
    elements,
    entries,
    known,
    number,
    plain,
    same,
    text,
    truth,
)

_MAX_STEPS = 1_024
"""Elements that Terraform itself lets ``range`` make."""
_MAX_DEPTH = 20
_VERB = re.compile(r"%(?:%|([sdvq])|.?)")


def call(name: str, arguments: list[Any]) -> Any:
    """
    What the function *name* gives for *arguments*.

    Raises:
        Mistaken: Terraform refuses them.
    """
    function = _FUNCTIONS.get(name)
    if function is None:
        return UNKNOWN
    try:
        found = function(*arguments)
    except TypeError:  # another number of arguments
        raise Mistaken from None
    if isinstance(found, str) and len(found) > MAX_TEXT:
        return UNKNOWN
    return UNKNOWN if isinstance(found, list | dict) and len(found) > MAX_ENTRIES else found


def _length(value: Any) -> Any:
    if value is UNKNOWN:
        return UNKNOWN
    if not isinstance(value, str | list | dict):
        raise Mistaken
    return len(value)


def _set(value: Any) -> Any:
    """The different elements; those that are not known may be the same as others, and count as different."""
    if elements(value) is UNKNOWN:
        return UNKNOWN
    found: list[Any] = []
    seen: set[tuple[str, str]] = set()
    for element in value:
        plain = element is not UNKNOWN and isinstance(element, str | int | float | bool)
        key = (type(element).__name__, str(element))
        if not plain or key not in seen:
            found.append(element)
            seen.add(key)
    return found


def _list(value: Any) -> Any:
    return elements(value)


def _map(value: Any) -> Any:
    return entries(value)


def _bool(value: Any) -> Any:
    return None if value is None else truth(value)


def _number(value: Any) -> Any:
    return None if value is None else number(value)


def _string(value: Any) -> Any:
    return None if value is None else text(value)


def _concat(*lists: Any) -> Any:
    if any(elements(part) is UNKNOWN for part in lists):
        return UNKNOWN
    return [element for part in lists for element in part]


def _merge(*maps: Any) -> Any:
    given = [part for part in maps if part is not None]
    if any(entries(part) is UNKNOWN for part in given):
        return UNKNOWN
    return {key: value for part in given for key, value in part.items()}


def _coalesce(*values: Any) -> Any:
    for value in values:
        if value is UNKNOWN:
            return UNKNOWN
        if value is not None and value != "":
            return value
    raise Mistaken


def _coalescelist(*lists: Any) -> Any:
    for part in lists:
        if elements(part) is UNKNOWN:
            return UNKNOWN
        if part:
            return part
    raise Mistaken


def _lookup(mapping: Any, key: Any, *default: Any) -> Any:
    if entries(mapping) is UNKNOWN or text(key) is UNKNOWN:
        return UNKNOWN
    if text(key) in mapping:
        return mapping[text(key)]
    if len(default) != 1:
        raise Mistaken
    return default[0]


def _contains(values: Any, wanted: Any) -> Any:
    if plain(values) is UNKNOWN:
        return UNKNOWN
    answers = [same(value, wanted) for value in elements(values)]
    if any(answer is True for answer in answers):
        return True
    return UNKNOWN if any(answer is UNKNOWN for answer in answers) else False


def _keys(mapping: Any) -> Any:
    return UNKNOWN if entries(mapping) is UNKNOWN else sorted(mapping)


def _values(mapping: Any) -> Any:
    return UNKNOWN if entries(mapping) is UNKNOWN else [mapping[key] for key in sorted(mapping)]


def _extreme(choose: Callable[[Iterable[Any]], Any]) -> Callable[..., Any]:
    def extreme(*numbers: Any) -> Any:
        read = [number(n) for n in numbers]
        if not read:
            raise Mistaken
        return UNKNOWN if any(n is UNKNOWN for n in read) else choose(read)

    return extreme


def _format(pattern: Any, *arguments: Any) -> Any:
    if text(pattern) is UNKNOWN:
        return UNKNOWN
    left = list(arguments)
    parts: list[str] = []
    at = 0
    for verb in _VERB.finditer(pattern):
        parts.append(pattern[at : verb.start()])
        at = verb.end()
        if verb[0] == "%%":
            parts.append("%")
            continue
        if verb[1] is None or verb[1] == "q":
            return UNKNOWN
        if not left:
            raise Mistaken
        said = text(number(left.pop(0)) if verb[1] == "d" else left.pop(0))
        if said is UNKNOWN:
            return UNKNOWN
        parts.append(said)
    if left:
        raise Mistaken
    return "".join([*parts, pattern[at:]])


def _join(separator: Any, *lists: Any) -> Any:
    if text(separator) is UNKNOWN or any(elements(part) is UNKNOWN for part in lists):
        return UNKNOWN
    parts = [text(element) for part in lists for element in part]
    if any(part is UNKNOWN for part in parts) or sum(map(len, parts)) > MAX_TEXT:
        return UNKNOWN
    return separator.join(parts) if len(separator) * len(parts) <= MAX_TEXT else UNKNOWN


def _split(separator: Any, value: Any) -> Any:
    if text(separator) is UNKNOWN or text(value) is UNKNOWN:
        return UNKNOWN
    return text(value).split(separator) if separator else UNKNOWN


def _lower(value: Any) -> Any:
    return value if value is PRODUCTION else UNKNOWN if text(value) is UNKNOWN else text(value).lower()


def _of_text(change: Callable[[str], Any]) -> Callable[[Any], Any]:
    return lambda value: UNKNOWN if text(value) is UNKNOWN else change(text(value))


def _of_texts(change: Callable[..., Any]) -> Callable[..., Any]:
    def changed(first: Any, *others: Any) -> Any:
        given = [text(value) for value in (first, *others)]
        return UNKNOWN if any(value is UNKNOWN for value in given) else change(*given)

    return changed


def _replace(value: str, old: str, new: str) -> Any:
    if old.startswith("/") and old.endswith("/") and len(old) > 1:
        return UNKNOWN  # an expression of its own language
    if not old or len(value) + value.count(old) * len(new) > 2 * MAX_TEXT:
        return UNKNOWN
    return value.replace(old, new)


def _range(*limits: Any) -> Any:
    read = [number(limit) for limit in limits]
    if any(limit is UNKNOWN for limit in read):
        return UNKNOWN
    if not 1 <= len(read) <= 3:
        raise Mistaken
    start, end = (0, read[0]) if len(read) == 1 else read[:2]
    step = read[2] if len(read) == 3 else (1 if start <= end else -1)
    if step == 0 or (end - start) / step > _MAX_STEPS:
        raise Mistaken
    found = []
    while (start < end) if step > 0 else (start > end):
        found.append(bounded(start))
        start += step
    return found


def _flatten(value: Any) -> Any:
    found: list[Any] = []
    if _flat(elements(value), found, 0) is UNKNOWN:
        return UNKNOWN
    return found


def _flat(values: Any, found: list[Any], depth: int) -> Any:
    if values is UNKNOWN or depth > _MAX_DEPTH or len(found) > MAX_ENTRIES:
        return UNKNOWN
    for value in values:
        if value is UNKNOWN or isinstance(value, list):
            if _flat(value, found, depth + 1) is UNKNOWN:
                return UNKNOWN
        else:
            found.append(value)
    return found


def _compact(values: Any) -> Any:
    if elements(values) is UNKNOWN or any(value is UNKNOWN for value in values):
        return UNKNOWN
    return [value for value in values if value is not None and value != ""]


def _element(values: Any, place: Any) -> Any:
    if elements(values) is UNKNOWN or number(place) is UNKNOWN:
        return UNKNOWN
    if not values:
        raise Mistaken
    return values[int(number(place)) % len(values)]


def _zipmap(keys: Any, values: Any) -> Any:
    if elements(keys) is UNKNOWN or elements(values) is UNKNOWN or not known(keys):
        return UNKNOWN
    if len(keys) != len(values):
        raise Mistaken
    return {text(key): value for key, value in zip(keys, values, strict=True)}


def _whole(values: Any, every: bool) -> Any:
    """Whether all of *values* are true, or one of them is."""
    if elements(values) is UNKNOWN:
        return UNKNOWN
    answers = [truth(value) for value in values]
    if any(answer is not UNKNOWN and answer is not every for answer in answers):
        return not every
    return UNKNOWN if any(answer is UNKNOWN for answer in answers) else every


def _slice(values: Any, start: Any, end: Any) -> Any:
    if elements(values) is UNKNOWN or number(start) is UNKNOWN or number(end) is UNKNOWN:
        return UNKNOWN
    if not 0 <= number(start) <= number(end) <= len(values):
        raise Mistaken
    return values[int(number(start)) : int(number(end))]


def _one(values: Any) -> Any:
    if elements(values) is UNKNOWN:
        return UNKNOWN
    if len(values) > 1:
        raise Mistaken
    return values[0] if values else None


def _sum(values: Any) -> Any:
    if elements(values) is UNKNOWN:
        return UNKNOWN
    read = [number(value) for value in values]
    if not read:
        raise Mistaken
    return UNKNOWN if any(n is UNKNOWN for n in read) else bounded(sum(read))


def _ceiling(value: Any) -> Any:
    read = number(value)
    return UNKNOWN if read is UNKNOWN else -int(-read // 1)


def _floor(value: Any) -> Any:
    read = number(value)
    return UNKNOWN if read is UNKNOWN else int(read // 1)


_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "abs": lambda value: UNKNOWN if number(value) is UNKNOWN else abs(number(value)),
    "alltrue": lambda values: _whole(values, True),
    "anytrue": lambda values: _whole(values, False),
    "ceil": _ceiling,
    "coalesce": _coalesce,
    "coalescelist": _coalescelist,
    "compact": _compact,
    "concat": _concat,
    "contains": _contains,
    "distinct": _set,
    "element": _element,
    "endswith": _of_texts(lambda value, end: value.endswith(end)),
    "flatten": _flatten,
    "floor": _floor,
    "format": _format,
    "join": _join,
    "keys": _keys,
    "length": _length,
    "lookup": _lookup,
    "lower": _lower,
    "max": _extreme(max),
    "merge": _merge,
    "min": _extreme(min),
    "nonsensitive": lambda value: value,
    "one": _one,
    "range": _range,
    "replace": _of_texts(_replace),
    "sensitive": lambda value: value,
    "slice": _slice,
    "split": _split,
    "startswith": _of_texts(lambda value, start: value.startswith(start)),
    "strcontains": _of_texts(lambda value, part: part in value),
    "sum": _sum,
    "tobool": _bool,
    "tolist": _list,
    "tomap": _map,
    "tonumber": _number,
    "toset": _set,
    "tostring": _string,
    "trimprefix": _of_texts(lambda value, start: value.removeprefix(start)),
    "trimspace": _of_text(str.strip),
    "trimsuffix": _of_texts(lambda value, end: value.removesuffix(end)),
    "upper": _of_text(str.upper),
    "values": _values,
    "zipmap": _zipmap,
}
"""By name; ``try`` and ``can`` see how their arguments fail, and belong to who works expressions out."""
