"""How many of a block there are: ``count``, ``for_each``, and a dynamic block's own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..force import IN_FORCE, Force, unknown, void
from .values import MAX_ENTRIES, UNKNOWN, Mistaken, number

_MAX_SAID = 80


@dataclass(frozen=True)
class Number:
    """How many there are, what each of them is called, and how far they count."""

    times: int = 1
    force: Force = IN_FORCE
    elements: Mapping[str, Any] | None = None
    """Of ``for_each``: key to value."""
    counted: bool = False

    def each(self, most: int) -> Iterator[tuple[dict[str, Any], int]]:
        """What ``each`` and ``count`` stand for in each of them, and how many are meant; above *most* all in one."""
        if self.force.state is not IN_FORCE.state or self.times > most:
            yield {}, self.times
        elif self.counted:
            yield from (({"count": {"index": index}}, 1) for index in range(self.times))
        elif self.elements is not None:
            yield from (({"each": {"key": key, "value": value}}, 1) for key, value in self.elements.items())
        else:
            yield {}, 1

    def unknown(self) -> Any:
        """What the name of such a block stands for: as many of what is not known."""
        if not self.force and not self.force.is_void:
            return UNKNOWN
        if self.elements is not None:
            return dict.fromkeys(self.elements, UNKNOWN)
        return [UNKNOWN] * self.times if self.counted and self.times <= MAX_ENTRIES else UNKNOWN


ONE = Number()


def number_of(body: Mapping[str, Any], value: Callable[[Any], Any]) -> Number:
    """The number of blocks that *body* asks for; *value* works expressions out."""
    for key, read in (("count", _counted), ("for_each", _each)):
        if key in body:
            written = body[key]
            try:
                return read(written, value(written))
            except Mistaken:
                return Number(force=unknown(f"has {_said(key, written)}, which Terraform would refuse"))
    return ONE


def _counted(written: Any, value: Any) -> Number:
    times = 1 if value is None else number(value)
    if times is UNKNOWN:
        return Number(force=unknown(f"has {_said('count', written)}, which cannot be told"))
    if times < 0 or times != int(times):
        raise Mistaken
    force = IN_FORCE if times else void(f"has {_said('count', written)}{_is(written, 0)}")
    return Number(times, force, counted=True)


def _each(written: Any, value: Any) -> Number:
    elements = elements_of(value)
    if elements is UNKNOWN:
        return Number(force=unknown(f"has {_said('for_each', written)}, which cannot be told"))
    if not elements:
        return Number(0, void(f"has {_said('for_each', written)}{_is(written, 'empty')}"), elements={})
    return Number(len(elements), elements=elements)


def elements_of(value: Any) -> Any:
    """Key to value of what a ``for_each`` goes over; elements that are not known have keys that nobody wrote."""
    if value is UNKNOWN:
        return UNKNOWN
    if isinstance(value, dict):
        return value
    if not isinstance(value, list):
        raise Mistaken
    return {v if isinstance(v, str) else str(n): v for n, v in enumerate(value)}


def _said(key: str, written: Any) -> str:
    text = str(written) if isinstance(written, str | int | float | bool) else "{}" if written == {} else "[]"
    text = " ".join(text.split())
    return f"{key} = {text[: _MAX_SAID - 1]}…" if len(text) > _MAX_SAID else f"{key} = {text}"


def _is(written: Any, value: Any) -> str:
    """What an expression came to; nothing where it is written as that."""
    return f", which is {value}" if isinstance(written, str) else ""
