"""This is where the base of every noun stands: frozen, closed to unknown fields, comparable by value."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Model(BaseModel):
    """A frozen value; a changed value is a new value (``model_copy(update=…)``)."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)
