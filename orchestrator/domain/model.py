"""The base of every noun: frozen, closed to unknown fields, comparable by value."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError


@dataclass(frozen=True)
class AddedLater:
    """
    Marks a field (``Annotated[…, AddedLater()] = default``) that documents of an earlier version do not have.

    At its default it is left out of what is written, so that an old record still comes to the same bytes.
    """

    def __get_pydantic_json_schema__(self, core: object, handler: Callable[[object], dict[str, Any]]) -> dict[str, Any]:
        """The published schema says so too."""
        return {**handler(core), "x-added-later": True}


class Model(BaseModel):
    """A frozen value; a changed value is a new value (``model_copy(update=…)``)."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


def first(error: ValidationError) -> str:
    """The first thing that is wrong, in one line; nothing of the value, which can be anybody's."""
    problem = error.errors(include_input=False, include_url=False, include_context=False)[0]
    return f"{'.'.join(map(str, problem['loc']))[:100]}: {problem['msg'][:200]}".lstrip(": ")
