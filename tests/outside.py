"""
A small release with an agent of its own that looks outside the tree: a run of it has grounds of many kinds.

``python -m tests.outside FOLDER`` makes it in a new folder, and keeps a run of it in ``tests/recorded``.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.cli.command import gonogo
from tests.journal.lives import lost
from tests.repositories import SHOP, repository

RECORDED = Path(__file__).parent / "recorded"
PROBER = '''\
import json
import os
import subprocess
import urllib.request

from orchestrator import (
    Agent,
    Brief,
    EvidenceUnavailable,
    Finding,
    ReadFile,
    Source,
    absent,
    examined,
    exchanged,
    ran,
    reported,
    sampled,
)


class Prober(Agent):
    """What a release answers, and what a scanner reported of it."""

    id = "prober"
    criteria = ("DAT-*", "PRF-3.1.1", "DEP-5.2.1", "DEP-5.2.2")
    report = ReadFile("semgrep.sarif")

    async def review(self, brief: Brief) -> list[Finding]:
        address = os.environ["SHOP"]
        admin = await brief.step("get", {"path": "/admin"}, lambda: get(f"{address}/admin"))
        metrics = await brief.step("get", {"path": "/metrics"}, lambda: get(f"{address}/metrics"))
        undone = await brief.step("undo", {"dry": True}, undo)
        entry = json.loads(brief[self.report])["runs"][0]
        result, driver = entry["results"][0], entry["tool"]["driver"]
        at = result["locations"][0]["physicalLocation"]
        place = Source(path=at["artifactLocation"]["uri"], line=at["region"]["startLine"])
        opened = exchanged("GET", "https://shop.example/admin", admin["status"], admin["body"])
        values = dict(line.rsplit(" ", 1) for line in metrics["body"].splitlines())
        reads = sampled("reads_total", float(values["reads_total"]), labels={"job": "shop"}, target="shop.example")
        said = reported(
            "sarif", driver["name"], result["ruleId"],
            version=driver["version"], place=place, said=result["message"]["text"],
        )
        return [
            self.fail("DAT-6.1.1", "Anybody gets at all of it.", opened, remedy="Ask who it is."),
            self.fail("DAT-6.1.2", "Nothing says what is kept.", absent("a word", examined(1, "source files"))),
            self.fail("DAT-6.2.1", "It is written in place.", said, at=place.path, line=place.line),
            self.fail("DAT-6.3.1", "Not one of them is kept twice.", examined(3, "requests")),
            self.fail("PRF-3.1.1", "All of it is read at once.", reads),
            self.fail("DEP-5.2.1", "Nothing says how to go back.", absent("a way back", examined(2, "documents"))),
            self.fail("DEP-5.2.2", "Going back fails.", ran(["sh", "undo.sh"], undone["code"], undone["said"])),
        ]


async def get(url: str) -> dict[str, object]:
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return {"status": answer.status, "body": answer.read(2000).decode()}
    except OSError as error:
        raise EvidenceUnavailable(f"no answer: {error}")


async def undo() -> dict[str, object]:
    done = subprocess.run(["sh", "-c", "echo nothing to go back to; exit 3"], capture_output=True, text=True)
    return {"code": done.returncode, "said": done.stdout}
'''
SARIF = """\
{
  "version": "2.1.0",
  "runs": [
    {
      "tool": {"driver": {"name": "semgrep", "version": "1.96.0"}},
      "results": [
        {
          "ruleId": "python.flask.written-in-place",
          "message": {"text": "Nothing can undo it."},
          "locations": [
            {"physicalLocation": {"artifactLocation": {"uri": "app.py"}, "region": {"startLine": 6}}}
          ]
        }
      ]
    }
  ]
}
"""
PROBED: dict[str, str | bytes] = {
    **SHOP,
    "readiness.yaml": "agents: ['prober:Prober']\n",
    "prober.py": PROBER,
    "semgrep.sarif": SARIF,
    "undo.sh": "exit 3\n",
}


class _Shop(BaseHTTPRequestHandler):
    """A shop that lets anybody in, and counts them."""

    def do_GET(self) -> None:  # as the standard library calls it
        body = b"reads_total 3\n" if self.path == "/metrics" else b"Welcome, administrator. token: " + b"aB3dE5fG7h" * 3
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # likewise
        """It prints nothing."""


@contextmanager
def shop_answering() -> Iterator[str]:
    """The address of a shop that answers on this machine, until the block ends."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Shop)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def probed(folder: Path) -> Path:
    """The folder of a run of the release above, reviewed by the command; nothing in it names *folder*."""
    repository(folder / "probed", PROBED)
    with shop_answering() as address:
        done = gonogo(folder, "review", str(folder / "probed"), "--trust", SHOP=address)
    if done.code != 1:
        raise AssertionError(f"{done.code}: {done.err}")
    (run,) = (path for path in (folder / "runs").iterdir() if path.is_dir())
    return run


def main(folder: Path) -> None:
    """Record a run of the release in *folder*, one attempt of which is lost."""
    release = repository(folder / "probed", PROBED)
    with shop_answering() as address:
        os.environ["SHOP"] = address
        run = lost(release, folder / "runs", trust=True)
    done = gonogo(folder, "export", str(run), "-o", str(RECORDED / f"{run.name}.run.zip"))
    print(done.out or done.err)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
