"""The Messages API for tests: on loopback, scripted, and as strict as the real one."""

from __future__ import annotations

import json
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

KEY = "test-key"
MODEL = "claude-opus-5-5"

Act = Callable[["Exchange"], None]
"""Answers one request."""


class Exchange(BaseHTTPRequestHandler):
    """One request and what is sent back."""

    protocol_version = "HTTP/1.1"
    server: Server
    body: dict[str, Any]

    def do_POST(self) -> None:
        self.body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        with self.server.lock:
            self.server.bodies.append(self.body)
            number = len(self.server.bodies)
        if wrong := self._wrong():
            status(400, "invalid_request_error", wrong)(self)
            return
        script = self.server.script
        script[min(number, len(script)) - 1](self)

    def _wrong(self) -> str:
        """What the real API would refuse."""
        body = self.body
        if self.path != "/v1/messages":
            return f"no such path: {self.path}"
        if self.headers["authorization"] != f"Bearer {KEY}":
            return "no credentials"
        if self.headers["anthropic-version"] != "2026-10-21":
            return "another version"
        known = {"model", "max_tokens", "system", "messages", "stream", "output_config"}
        if set(body) != known or body["stream"] is not True:
            return f"parameters: {sorted(body)}"
        if [m["role"] for m in body["messages"]] != ["user"] or not isinstance(body["messages"][0]["content"], str):
            return "messages"
        format_ = body["output_config"]["format"]
        if format_["type"] != "json_schema" or not _closed(format_["schema"]):
            return "an object of the schema is open"
        return ""

    def begin(self, code: int = 200, **headers: str) -> None:
        self.send_response(code)
        self.send_header("content-type", "text/event-stream" if code == 200 else "application/json")
        self.send_header("request-id", "req_1")
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)

    def event(self, kind: str, text: str) -> None:
        data = f"event: {kind}\ndata: {text}\n\n".encode()
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))

    def stream(self, *events: tuple[str, dict[str, Any]], end: bool = True) -> None:
        self.begin(transfer_encoding="chunked")
        self.end_headers()
        for kind, data in events:
            self.event(kind, json.dumps({"type": kind, **data}))
        if end:
            self.wfile.write(b"0\r\n\r\n")

    def log_message(self, format: str, *args: object) -> None:
        return None


class Server(ThreadingHTTPServer):
    """Answers the first request by the first act of *script*, and so on; by the last ever after."""

    daemon_threads = True

    def __init__(self, *script: Act) -> None:
        super().__init__(("127.0.0.1", 0), Exchange)
        self.script = script
        self.bodies: list[dict[str, Any]] = []
        self.lock = threading.Lock()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    @property
    def questions(self) -> list[str]:
        return [body["messages"][0]["content"] for body in self.bodies]

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that is gone is part of the script."""


@contextmanager
def serving(*script: Act) -> Iterator[Server]:
    server = Server(*script)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def says(answer: object, *, stop: str = "end_turn", details: dict[str, Any] | None = None) -> Act:
    """A whole message: empty thinking, a ping, the text in pieces, its end; *answer* may depend on the question."""

    def act(exchange: Exchange) -> None:
        said = answer(exchange.body["messages"][0]["content"]) if callable(answer) else answer
        text = said if isinstance(said, str) else json.dumps(said)
        exchange.stream(*_opening(), *_text(text), *_closing(stop, details))

    return act


def status(code: int, type_: str, message: str = "no", **headers: str) -> Act:
    """An error before the stream."""

    def act(exchange: Exchange) -> None:
        data = json.dumps({"type": "error", "error": {"type": type_, "message": message}}).encode()
        exchange.begin(code, content_length=str(len(data)), **headers)
        exchange.end_headers()
        exchange.wfile.write(data)

    return act


def cut(exchange: Exchange) -> None:
    """The connection is closed in the middle of a message."""
    exchange.stream(*_opening(), *_text('{"objections": [')[:-1], end=False)
    exchange.close_connection = True


def reset(exchange: Exchange) -> None:
    """The connection is reset in the middle of a message."""
    cut(exchange)
    exchange.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    exchange.connection.close()


def hang_up(exchange: Exchange) -> None:
    """The connection is closed before there is an answer."""
    exchange.close_connection = True


def ends_early(exchange: Exchange) -> None:
    """The body ends cleanly before the message does, with what looks like a whole answer."""
    exchange.stream(*_opening(), *_text('{"objections": []}'))


def says_nothing(exchange: Exchange) -> None:
    """The body ends cleanly before anything was said."""
    exchange.stream()


def error_event(type_: str) -> Act:
    """The server gives up in the middle of a message."""

    def act(exchange: Exchange) -> None:
        exchange.stream(*_opening(), ("error", {"error": {"type": type_, "message": "no"}}))

    return act


def broken_event(exchange: Exchange) -> None:
    """An event is not JSON."""
    exchange.stream(*_opening(), end=False)
    exchange.event("content_block_delta", '{"type": "content_bl')
    exchange.wfile.write(b"0\r\n\r\n")


def hangs(reached: threading.Event, go_on: threading.Event) -> Act:
    """Says that it was *reached*, and nothing more until it may *go on*."""

    def act(exchange: Exchange) -> None:
        reached.set()
        go_on.wait(60)

    return act


def _opening() -> list[tuple[str, dict[str, Any]]]:
    message: dict[str, Any] = {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": MODEL,
        "content": [],
        "stop_reason": None,
        "stop_sequence": None,
        "usage": {"input_tokens": 900, "cache_read_input_tokens": 100, "output_tokens": 1},
    }
    thinking = {"type": "thinking", "thinking": "", "signature": ""}
    return [
        ("message_start", {"message": message}),
        ("content_block_start", {"index": 0, "content_block": thinking}),
        ("content_block_delta", {"index": 0, "delta": {"type": "signature_delta", "signature": "c2ln"}}),
        ("content_block_stop", {"index": 0}),
        ("ping", {}),
    ]


def _text(text: str) -> list[tuple[str, dict[str, Any]]]:
    pieces = [text[start : start + 7] for start in range(0, len(text), 7)]
    return [
        ("content_block_start", {"index": 1, "content_block": {"type": "text", "text": ""}}),
        *(("content_block_delta", {"index": 1, "delta": {"type": "text_delta", "text": piece}}) for piece in pieces),
        ("content_block_stop", {"index": 1}),
    ]


def _closing(stop: str, details: dict[str, Any] | None) -> list[tuple[str, dict[str, Any]]]:
    delta = {"stop_reason": stop, "stop_sequence": None, "stop_details": details, "container": None}
    return [("message_delta", {"delta": delta, "usage": {"output_tokens": 40}}), ("message_stop", {})]


def _closed(schema: Any) -> bool:
    if isinstance(schema, list):
        return all(map(_closed, schema))
    if not isinstance(schema, dict):
        return True
    return (schema.get("type") != "object" or schema.get("additionalProperties") is False) and all(
        map(_closed, schema.values())
    )
