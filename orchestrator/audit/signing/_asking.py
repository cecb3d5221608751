"""Asks a timestamp authority over HTTP: once, within a time and a size, led nowhere else."""

from __future__ import annotations

import asyncio
from urllib.parse import urlsplit

from ...errors import AuthorityUnusable, UsageError
from ...report.visible import one_line

SECONDS = 20.0
"""For the whole of it, from the first look-up of a name to the last byte."""
MOST = 1 << 17
"""Bytes of an answer; usual ones have some thousand."""
_QUERY, _REPLY = "application/timestamp-query", "application/timestamp-reply"


def ask(url: str, request: bytes, *, seconds: float = SECONDS) -> bytes:
    """
    What the authority at *url* answers to *request*, a TimeStampReq.

    Raises:
        UsageError: *url* is not an HTTP URL.
        AuthorityUnusable: It cannot be reached, or does not give an answer within time and size.
    """
    return asyncio.run(_ask(url, request, seconds))


def shown(url: str) -> str:
    """*url* without the name, the password and the parameters that may stand in it."""
    parts = urlsplit(url)
    return one_line(f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}", 200)


async def _ask(url: str, request: bytes, seconds: float) -> bytes:
    import httpx2

    name = _checked(url)
    headers = {"Content-Type": _QUERY, "Accept": _REPLY, "Accept-Encoding": "identity"}
    answer = bytearray()
    try:
        async with (
            asyncio.timeout(seconds),
            httpx2.AsyncClient(timeout=None, follow_redirects=False) as client,
            client.stream("POST", url, content=request, headers=headers) as response,
        ):
            if response.is_redirect:
                to = one_line(response.headers.get("location", "nowhere"), 200)
                raise _unusable(name, f"sends elsewhere, to {to}", "name that address, if you trust it")
            if response.status_code != 200:
                raise _unusable(name, f"answers with status {response.status_code}")
            async for chunk in response.aiter_raw():
                answer += chunk
                if len(answer) > MOST:
                    raise _unusable(name, f"answers with more than {MOST:,} bytes")
    except TimeoutError:
        raise _unusable(name, f"has not answered within {seconds:g} seconds") from None
    except (httpx2.HTTPError, httpx2.InvalidURL, OSError, ValueError) as error:
        said = one_line(str(error), 200) or type(error).__name__
        raise _unusable(name, f"cannot be asked: {said}") from None
    return bytes(answer)


def _checked(url: str) -> str:
    """*url* as it may be shown, if it is one."""
    try:
        parts = urlsplit(url)
        valid = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        valid = False
    if not valid:
        raise UsageError(
            "this is not the URL of a timestamp authority", remedy="give one that begins with https:// or http://"
        )
    return shown(url)


def _unusable(name: str, what: str, remedy: str = "") -> AuthorityUnusable:
    again = "nothing was written; ask again later, or sign without --timestamp"
    return AuthorityUnusable(f"the timestamp authority {what}", where=name, remedy=f"{remedy}; {again}".lstrip("; "))
