"""Registers the toy sources the way an installed package does, and gives them something to look at."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from orchestrator.commands.review import review
from orchestrator.domain.finding import Finding
from orchestrator.domain.result import SourceSummary
from orchestrator.planning.plan import Request
from tests.repositories import SHOP, repository

ROWS = "[orchestrator.sources]\nhealth = tests.evidence.sources.toy_health:SOURCE\n"
ROWS += "warnings = tests.evidence.sources.toy_report:SOURCE\n"
AGENT = {"readiness.yaml": "agents: ['tests.evidence.sources.toy_agent:Toys']\n"}
REPORT = {"version": "1.2", "files": 3, "at": "2026-11-20T10:00:00Z", "warnings": []}

Reply = Callable[["Handler"], None]


def installed(folder: Path, rows: str = ROWS) -> Path:
    """A folder that brings the toys along once it is on the path."""
    about = folder / "toys-1.0.dist-info"
    about.mkdir(parents=True)
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: toys\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text(rows)
    return folder


class Handler(BaseHTTPRequestHandler):
    """Answers as its server was told to."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        server: Any = self.server
        server.asked.append((self.path, dict(self.headers)))
        server.reply(self)

    def log_message(self, *_: object) -> None:
        pass

    def say(self, body: bytes, status: int = 200, **headers: str) -> None:
        """A whole answer."""
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", "Content-Length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)


class Served(ThreadingHTTPServer):
    """A server on this machine."""

    daemon_threads = True

    def __init__(self, reply: Reply) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.reply = reply
        self.asked: list[tuple[str, dict[str, str]]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, *_: object) -> None:
        """Whoever asked may have been killed."""


@contextmanager
def serving(reply: Reply | bytes) -> Iterator[Served]:
    """A server that answers with *reply* as long as this lasts."""
    server = Served((lambda asked: asked.say(reply)) if isinstance(reply, bytes) else reply)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def asleep(asked: Handler) -> None:
    """No answer for as long as anybody waits."""
    time.sleep(30)


def shop(folder: Path, **files: str) -> Path:
    """A repository with an agent that rests on the toys."""
    return repository(folder, SHOP | AGENT | files)


def report(path: Path, **said: Any) -> Path:
    """A report of the toy linter."""
    path.write_text(json.dumps(REPORT | said))
    return path


def reviewed(path: Path, runs: Path, *targets: str, **asked: Any) -> Path:
    """The folder of a review of *path* that looks at *targets*."""
    request = Request(path=str(path), trust=True, targets=targets, **asked)
    return asyncio.run(review(request, runs, sync=False)).folder


def said(run: Path) -> dict[str, Any]:
    """The result of *run*."""
    result: dict[str, Any] = json.loads((run / "verdict.json").read_bytes())
    return result


def sources(run: Path) -> dict[str, SourceSummary]:
    """What *run* says of its sources, by fact."""
    return {row["fact"]: SourceSummary.model_validate(row) for row in said(run).get("sources", ())}


def findings(run: Path) -> dict[str, Finding]:
    """What the toy agent has found, by check."""
    rows = [f for a in said(run)["assessments"] for f in a["findings"] if f["agent"] == "toys"]
    return {row["check"].rpartition(".")[2]: Finding.model_validate(row) for row in rows}


def everything(run: Path) -> bytes:
    """Every byte that a run has left."""
    return b"\n".join(path.read_bytes() for path in sorted(run.rglob("*")) if path.is_file())
