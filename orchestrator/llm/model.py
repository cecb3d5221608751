"""What a model is: a question and the shape of the answer go in, an answer comes out."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, NamedTuple, Protocol

from pydantic import BaseModel, ValidationError


class Usage(NamedTuple):
    """What asking has cost; every attempt counts, also those that came to nothing."""

    tokens_in: int = 0
    tokens_out: int = 0
    requests: int = 0

    def plus(self, other: Usage) -> Usage:
        return Usage(
            self.tokens_in + other.tokens_in, self.tokens_out + other.tokens_out, self.requests + other.requests
        )


class Answer(NamedTuple):
    """An answer that has the shape that was asked for, as JSON."""

    data: dict[str, Any]
    usage: Usage = Usage()
    message_id: str = ""
    model: str = ""


class ModelUnavailable(Exception):
    """The model gave no answer that can be used; says nothing about what it was asked."""

    def __init__(self, reason: str, usage: Usage = Usage()) -> None:  # noqa: B008  # an immutable value
        super().__init__(reason)
        self.reason = reason
        self.usage = usage


class Model(Protocol):
    """Whoever answers questions."""

    @property
    def name(self) -> str:
        """What it is called when it is asked for."""
        ...

    async def ask(self, system: str, question: str, schema: type[BaseModel]) -> Answer:
        """
        Ask one question.

        Args:
            system: Who the model is to be and the rules it answers by; nothing of a reviewed tree.
            question: The question, with what it is about.
            schema: The shape of the answer.

        Raises:
            ModelUnavailable: There is no answer of that shape, and why.
        """
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...


def shaped(text: str, schema: type[BaseModel], usage: Usage = Usage()) -> dict[str, Any]:  # noqa: B008  # immutable
    """
    The JSON *text* as *schema* has it.

    Raises:
        ModelUnavailable: It is not JSON, or of another shape.
    """
    try:
        return schema.model_validate_json(text, strict=True).model_dump(mode="json")
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        if first["type"] == "json_invalid":
            raise ModelUnavailable("its answer is not JSON", usage) from None
        at = ".".join(str(part) for part in first["loc"][:4])
        raise ModelUnavailable(
            f"its answer has another shape than was asked for ({at}: {first['type']})", usage
        ) from None


Scripted = object
"""Text, anything that JSON can hold, an exception to raise, or a function from the question to one of these."""


class ScriptedModel:
    """
    A model for tests: gives *answers* one after the other, and the last one ever after.

    What it was asked stands in :attr:`asked`; its answers are held to the schema as a real model's are.
    """

    def __init__(self, *answers: Scripted, name: str = "scripted") -> None:
        self._answers = answers
        self.name = name
        self.asked: list[tuple[str, str]] = []

    async def ask(self, system: str, question: str, schema: type[BaseModel]) -> Answer:
        self.asked.append((system, question))
        answer: Any = self._answers[min(len(self.asked), len(self._answers)) - 1]
        if isinstance(answer, Callable):  # type: ignore[arg-type]  # mypy wants a class; it is one at run time
            answer = answer(question)
        if isinstance(answer, Exception):
            raise answer
        text = answer if isinstance(answer, str) else json.dumps(answer)
        usage = Usage(len(question) // 4, len(text) // 4, 1)
        return Answer(shaped(text, schema, usage), usage, f"message-{len(self.asked)}", self.name)

    async def close(self) -> None:
        return None
