"""Asks a model through the door: a question is paid for once, and what came of it is in the record."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from ..domain.outcome import Exhibit
from ..llm.model import Answer, Model, ModelUnavailable, Usage
from ..llm.second_look import SecondLook
from .doorway import StepDoor

MAX_ROWS = 60


class AskedThroughDoor:
    """
    A model whose every question is a recorded step; that it gave no answer is recorded as well.

    Args:
        model: Who is asked where the record has no answer.
        door: Where the step goes through.
        node: Who asks.
        attempt: Which attempt of it.
        seconds: How long an answer may take; a turn that ran out of time would lose what its checks have found.
    """

    def __init__(self, model: Model, door: StepDoor, node: str, attempt: int, seconds: float) -> None:
        self._model = model
        self._door = door
        self._node = node
        self._attempt = attempt
        self._seconds = seconds
        self.name = model.name

    async def ask(self, system: str, question: str, schema: type[BaseModel]) -> Answer:
        asked = {
            "model": self.name,
            "system": system,
            "question": question,
            "schema": schema.model_json_schema(),
        }

        async def ask() -> dict[str, Any]:
            return {"asked": asked, **await self._put(system, question, schema)}

        return heard(await self._door.step(self._node, self._attempt, "model", asked, ask))

    async def close(self) -> None:
        await self._model.close()

    async def _put(self, system: str, question: str, schema: type[BaseModel]) -> dict[str, Any]:
        try:
            async with asyncio.timeout(max(self._seconds, 0.0)):
                return await put(self._model, system, question, schema)
        except TimeoutError:
            return {"unavailable": f"no answer within the {self._seconds:.0f} s that were left", "usage": list(Usage())}


async def put(model: Model, system: str, question: str, schema: type[BaseModel]) -> dict[str, Any]:
    """What came of asking *model*, as JSON; also that it gave no answer."""
    try:
        answer = await model.ask(system, question, schema)
    except ModelUnavailable as error:
        return {"unavailable": error.reason, "usage": list(error.usage)}
    except Exception as error:  # noqa: BLE001  # a model's bug must not cost what the checks have found; it is recorded
        return {"unavailable": f"the model failed: {type(error).__name__}: {error}", "usage": list(Usage())}
    return {
        "data": answer.data,
        "usage": list(answer.usage),
        "message": answer.message_id,
        "model": answer.model,
    }


def heard(said: Mapping[str, Any]) -> Answer:
    """
    The answer that :func:`put` has put into JSON.

    Raises:
        ModelUnavailable: There is none, and why.
    """
    usage = Usage(*said["usage"])
    if "unavailable" in said:
        raise ModelUnavailable(said["unavailable"], usage)
    return Answer(said["data"], usage, said["message"], said["model"])


def exhibit(look: SecondLook) -> Exhibit:
    """What came of a second look, with every objection and whether it counted."""
    rows = []
    for objection, _, dropped in look.weighed[:MAX_ROWS]:
        place = f"{objection.path}:{objection.line}"
        rows.append((objection.criterion, objection.claim, place, dropped or "counted", objection.why[:300]))
    more = f" {len(look.weighed) - MAX_ROWS} more are not shown." if len(look.weighed) > MAX_ROWS else ""
    return Exhibit(
        title="Second look",
        note=look.note + more,
        columns=("criterion", "claim", "place", "outcome", "why"),
        rows=tuple(rows),
    )
