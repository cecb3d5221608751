"""One ground of each kind, as checks make them."""

from __future__ import annotations

from orchestrator.contract.checks import examined
from orchestrator.contract.grounds import (
    absent,
    acted,
    addressed,
    counted,
    exchanged,
    placed,
    queried,
    quoted,
    ran,
    reported,
    sampled,
    stated,
)
from orchestrator.domain.fact import Source
from orchestrator.domain.ground import Ground, Withheld

AT = "2026-11-21T16:12:31Z"
COMMIT = "9f31c2e4b1d0" + "0" * 28


def every_ground(text: str = "") -> dict[str, Ground]:
    """Kind to a ground of it; *text* stands wherever the world outside can choose what stands there."""
    return {
        "file": placed(Source(path="deploy/web.yaml", line=14), text or "  replicas: 1"),
        "count": counted(examined(9, "workloads")),
        "absence": addressed(absent(text or "a way back", examined(12, "documents"), examined(1, "pipelines"))),
        "command": addressed(ran(("pg_restore", "--list", text or "db.dump"), 1, text or "pg_restore: error", at=AT)),
        "http": addressed(exchanged("GET", f"https://shop.example/{text or 'health'}", 503, text or "not yet", at=AT)),
        "sql": addressed(queried(text or "SHOW ssl", "orders", 1, text or "ssl | off", at=AT)),
        "metric": addressed(
            sampled(text or "up", 0.0, labels={"job": text or "shop"}, at=AT, query="up == 0", target="prometheus")
        ),
        "report": addressed(
            reported(
                "sarif",
                "semgrep",
                text or "python.lang.security.exec",
                version="1.96.0",
                place=Source(path="app/run.py", line=7),
                commit=COMMIT,
                at=AT,
                said=text or "exec() of what a request holds",
            )
        ),
        "attestation": addressed(
            stated("dana", text or "The drill of November failed", link="https://wiki.example.com/drills", at=AT)
        ),
        "model": addressed(
            quoted("claude, message 1", text or "No test can fail", text or "|| true", Source(path="ci.yaml", line=8))
        ),
        "act": addressed(acted("release/migrator!migrate:8f531da8", "undo", text or "done", text or "at 0041", at=AT)),
        "withheld": Withheld(kind="withheld", digest="sha256:" + "0" * 64, statement="a key of the vault"),
    }
