"""A number that a finding rests on, with the limit that it is compared with."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from .model import Model

Number = Annotated[float, Field(allow_inf_nan=False)]


class Measure(Model):
    """
    A number that a finding rests on, such as ``log retention 14 days (at least 30 days)``.

    ``name`` and ``unit`` are the check's own words and stay the same from run to run: two runs are compared by them.
    ``at_least`` or ``at_most`` is the limit that the value is held against; its direction says which way is worse.
    """

    name: str
    value: Number
    unit: str = ""
    at_least: Number | None = None
    at_most: Number | None = None

    @model_validator(mode="after")
    def _one_direction(self) -> Self:
        if self.at_least is not None and self.at_most is not None:
            raise ValueError(f"measure '{self.name}' has a limit in both directions")
        return self

    @property
    def amount(self) -> str:
        """``83.1 %``."""
        return _amount(self.value, self.unit)

    @property
    def limit(self) -> str:
        """``at least 85 %``, empty where there is no limit."""
        if self.at_least is not None:
            return f"at least {_amount(self.at_least, self.unit)}"
        return f"at most {_amount(self.at_most, self.unit)}" if self.at_most is not None else ""

    def __str__(self) -> str:
        return f"{self.name} {self.amount}" + (f" ({self.limit})" if self.limit else "")


def measured(
    name: str, value: float | None, unit: str = "", *, at_least: float | None = None, at_most: float | None = None
) -> Measure | None:
    """
    The number that a finding rests on, such as ``measured("log retention", 14, "days", at_least=30)``.

    Args:
        name: What was measured, the same in every run and whatever the finding says; no text of the tree.
        value: As it was found, of many places the one that decides. None is not a measure, nor is a number not finite.
        unit: ``%``, ``ms``, ``days``, ``replicas``; in the plural.
        at_least: The limit, where less is worse.
        at_most: The limit, where more is worse.
    """
    if value is None or not -_LARGEST < value < _LARGEST:  # NaN is not between them either
        return None
    return Measure(name=name, value=value, unit=unit, at_least=at_least, at_most=at_most)


_LARGEST = 1e300
"""What a file can state and a float cannot hold is not a measure."""
_LARGE = 1e15
_SMALL = 0.001


def _amount(value: float, unit: str) -> str:
    """*value* with its unit: thousands parted, at most three decimals, ``1 day`` but ``2 days``."""
    odd = value != 0 and not _SMALL <= abs(value) < _LARGE
    said = f"{value:g}" if odd else f"{value:,.3f}".rstrip("0").rstrip(".")
    one = unit[:-1] if value == 1 and len(unit) > 2 and unit.endswith("s") else unit
    return f"{said} {one}".rstrip()
