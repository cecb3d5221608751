"""Asks Claude: streaming, within a deadline, and an answer that is not whole is none."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from time import time
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from .model import Answer, ModelUnavailable, Usage, shaped

if TYPE_CHECKING:
    import tenacity
    from anthropic import AsyncAnthropic
    from anthropic.types import ParsedMessage

MAX_TOKENS = 16_000
"""Room for thinking as well; an answer that needs more is none."""

_PASSING_TYPES = frozenset({"overloaded_error", "api_error", "rate_limit_error", "timeout_error"})
_PASSING_CODES = frozenset({408, 409, 429})


class Incomplete(Exception):
    """The stream ended before the message did; the SDK calls that a success."""


class Claude:
    """
    A model behind the Messages API.

    The SDK is imported with the first question, because that costs over a second. It never retries for us: it would
    not see a stream that is cut off, and would wait as long as a server tells it to.

    Args:
        name: Of the model.
        key: The API key; it is sent and nowhere written.
        base_url: Where the API is; empty for the usual place.
        deadline: Seconds for a question with all its retries.
        attempts: How often a question is put at most.
        pause: Seconds before the first retry; each later one waits twice as long.
    """

    def __init__(
        self,
        name: str,
        *,
        key: str,
        base_url: str = "",
        deadline: float = 120.0,
        attempts: int = 4,
        pause: float = 1.0,
    ) -> None:
        self.name = name
        self._key = key
        self._base_url = base_url
        self._deadline = deadline
        self._attempts = attempts
        self._pause = pause
        self._client: AsyncAnthropic | None = None

    async def ask(self, system: str, question: str, schema: type[BaseModel]) -> Answer:
        import anthropic
        import tenacity

        request = {
            "model": self.name,
            "max_tokens": MAX_TOKENS,
            "system": system,
            "messages": [{"role": "user", "content": question}],
            "output_config": {"format": {"type": "json_schema", "schema": anthropic.transform_schema(schema)}},
        }
        spent: list[Usage] = []
        retrying = tenacity.AsyncRetrying(
            retry=tenacity.retry_if_exception(_passing),
            wait=_wait(tenacity.wait_exponential(multiplier=self._pause, max=8 * self._pause)),
            stop=tenacity.stop_after_attempt(self._attempts) | tenacity.stop_before_delay(self._deadline),
            reraise=True,
        )
        try:
            async with asyncio.timeout(self._deadline):
                message: ParsedMessage[None] = await retrying(self._turn, request, spent)
        except TimeoutError:
            raise ModelUnavailable(f"no answer within {self._deadline:g} s", _sum(spent)) from None
        except Exception as error:  # however asking failed, it is not an answer; the reason is kept
            raise ModelUnavailable(_reason(error, len(spent)), _sum(spent)) from error
        usage = _sum(spent)
        if message.stop_reason != "end_turn":
            raise ModelUnavailable(_stopped(message), usage)
        text = "".join(block.text for block in message.content if block.type == "text")
        return Answer(shaped(text, schema, usage), usage, message.id, message.model)

    async def close(self) -> None:
        if self._client is not None:
            await self._client.close()
            self._client = None

    async def _turn(self, request: dict[str, Any], spent: list[Usage]) -> ParsedMessage[None]:
        """One attempt; what it used is in *spent* however it ends."""
        message: ParsedMessage[None] | None = None
        try:
            async with self._connected().messages.stream(**request) as stream:
                async for event in stream:
                    if message is None and event.type == "message_start":
                        message = stream.current_message_snapshot
        finally:
            spent.append(_used(message))
        if message is None or message.stop_reason is None:
            raise Incomplete("the stream ended before the message did")
        return message

    def _connected(self) -> AsyncAnthropic:
        import anthropic

        if self._client is None:
            self._client = anthropic.AsyncAnthropic(
                api_key=self._key,
                base_url=self._base_url or None,
                max_retries=0,
                timeout=self._deadline,
                open_telemetry=False,
            )
        return self._client


def _passing(error: BaseException) -> bool:
    """Whether it may go better next time."""
    import anthropic
    import httpx2

    if isinstance(error, anthropic.APIStatusError):
        code = error.status_code
        return code in _PASSING_CODES or code >= 500 or error.type in _PASSING_TYPES
    again = (anthropic.APIConnectionError, httpx2.TransportError, json.JSONDecodeError, Incomplete)
    return isinstance(error, again)


def _wait(otherwise: Callable[[tenacity.RetryCallState], float]) -> Callable[[tenacity.RetryCallState], float]:
    """What the server asks for, else *otherwise*; that it is not too long is for the deadline to say."""

    def wait(state: tenacity.RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        asked = _retry_after(getattr(getattr(error, "response", None), "headers", {}))
        return otherwise(state) if asked is None else asked

    return wait


def _retry_after(headers: Any) -> float | None:
    try:
        if "retry-after-ms" in headers:
            return max(float(headers["retry-after-ms"]) / 1000, 0.0)
        return max(float(headers["retry-after"]), 0.0)
    except KeyError:
        return None
    except ValueError:
        try:
            return max(parsedate_to_datetime(headers["retry-after"]).timestamp() - time(), 0.0)
        except (KeyError, ValueError):
            return None


def _used(message: ParsedMessage[None] | None) -> Usage:
    if message is None:
        return Usage(requests=1)
    used = message.usage
    cached = (used.cache_read_input_tokens or 0) + (used.cache_creation_input_tokens or 0)
    return Usage((used.input_tokens or 0) + cached, used.output_tokens or 0, 1)


def _sum(spent: list[Usage]) -> Usage:
    total = Usage()
    for usage in spent:
        total = total.plus(usage)
    return total


def _stopped(message: ParsedMessage[None]) -> str:
    if message.stop_reason != "refusal":
        return f"it stopped before the end of its answer ({message.stop_reason})"
    category = getattr(message.stop_details, "category", None)
    return "it refused" + (f" ({category})" if category else "")


def _reason(error: Exception, attempts: int) -> str:
    import anthropic

    times = f", asked {attempts} times" if attempts > 1 else ""
    if isinstance(error, anthropic.APIStatusError):
        code = f" {error.status_code}" if error.status_code >= 400 else ""
        said = f": {error.api_message[:200]}" if error.api_message else ""
        return f"the API answered{code} {error.type or type(error).__name__}{said}{times}"
    if isinstance(error, anthropic.APIConnectionError):
        return f"the API cannot be reached ({type(error.__cause__ or error).__name__}){times}"
    if isinstance(error, Incomplete):
        return f"{error}{times}"
    what = "the answer broke off" if _passing(error) else "asking failed"
    return f"{what} ({type(error).__name__}){times}"
