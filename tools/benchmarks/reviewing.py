"""Measures whole reviews, on generated estates of several sizes, and their replays beside them."""

from __future__ import annotations

import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

SIZES = (300, 2_000, 6_000, 20_000)


class Measured(NamedTuple):
    """CPU seconds and peak megabytes, children included."""

    files: int
    review: float
    memory: float
    replay: float
    record: float
    """Megabytes of the run's folder."""
    parts: dict[str, float]
    """Seconds by what was going on, from the record's own times."""


def measure(files: int) -> Measured:
    """Review and replay an estate of about *files* files."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        estate(folder / "estate", files)
        review, memory = _cpu(folder, "review", str(folder / "estate"), "-q", "--progress", "none", "--exit-zero")
        replay, _ = _cpu(folder, "replay")
        (run,) = (p for p in (folder / "runs").iterdir() if p.is_dir())
        size = sum(f.stat().st_size for f in run.rglob("*") if f.is_file()) / 1e6
        return Measured(files, review, memory, replay, size, _parts(run))


def estate(folder: Path, files: int) -> None:
    """A made-up microservice estate as a repository: services in four languages, manifests, Terraform, tests, docs."""
    chance = random.Random(files)
    stems, ends = ("order", "cart", "user", "stock", "price"), ("", "s", "_list", "_item", "Row")
    words = [a + b for a in stems for b in ends]
    for number in range(files):
        service = number // 40
        kind = number % 40
        lines = [
            f"{chance.choice(words)} = {chance.choice(words)}({chance.randrange(100)})  # {chance.choice(words)}"
            for _ in range(chance.randrange(20, 160))
        ]
        path, text = _file(service, kind, number, lines)
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
    environment = os.environ | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    for words_ in (("init", "-q"), ("add", "-A"), ("-c", "user.name=b", "-c", "user.email=b@e", "commit", "-qm", "x")):
        subprocess.run(["git", "-C", str(folder), *words_], check=True, capture_output=True, env=environment)


def _file(service: int, kind: int, number: int, lines: list[str]) -> tuple[str, str]:
    name = f"services/s{service:04}"
    if kind == 0:
        return f"{name}/Dockerfile", "FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nUSER app\nCMD python app.py\n"
    if kind == 1:
        return f"{name}/requirements.txt", "flask==3.1.0\npsycopg==3.2\nredis==5.0\nprometheus-client==0.21\n"
    if kind == 2:
        return f"{name}/k8s/deployment.yaml", _DEPLOYMENT.format(name=f"s{service:04}")
    if kind == 3:
        return f"{name}/terraform/main.tf", _TERRAFORM.format(name=f"s{service:04}")
    if kind == 4:
        return f"{name}/migrations/{number:05}_change.sql", f"ALTER TABLE t{service} ADD COLUMN c{number} text;\n"
    if kind == 5:
        return f"{name}/README.md", f"# Service {service}\n\n" + "It serves things to people. " * 30 + "\n"
    if kind < 12:
        return f"{name}/tests/test_{number}.py", "\n".join(
            f"def test_{n}():\n    assert True" for n in range(10)
        ) + "\n"
    ending, comment = (("py", "#"), ("ts", "//"), ("go", "//"), ("java", "//"))[kind % 4]
    return f"{name}/src/m{number}.{ending}", "\n".join(line.replace("#", comment) for line in lines) + "\n"


_DEPLOYMENT = """apiVersion: apps/v1
kind: Deployment
metadata:
  name: {name}
spec:
  replicas: 2
  selector: {{matchLabels: {{app: {name}}}}}
  template:
    metadata: {{labels: {{app: {name}}}}}
    spec:
      containers:
        - name: app
          image: registry.example/{name}:1.4.2
          resources: {{requests: {{cpu: 100m, memory: 128Mi}}, limits: {{memory: 256Mi}}}}
          readinessProbe: {{httpGet: {{path: /ready, port: 8080}}}}
---
apiVersion: v1
kind: Service
metadata:
  name: {name}
spec:
  selector: {{app: {name}}}
  ports: [{{port: 80, targetPort: 8080}}]
"""
_TERRAFORM = """resource "aws_db_instance" "{name}" {{
  identifier              = "{name}"
  engine                  = "postgres"
  multi_az                = true
  storage_encrypted       = true
  backup_retention_period = 35
  tags                    = {{ service = "{name}", team = "shop" }}
}}
"""


def _cpu(folder: Path, *words: str) -> tuple[float, float]:
    """CPU seconds (user and system, with git's) and peak megabytes of one command."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-m", "orchestrator", *words], cwd=folder, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return seconds, _peak(folder, words)


def _peak(folder: Path, words: tuple[str, ...]) -> float:
    """Peak megabytes, from a process of its own, since children's peaks are only ever raised."""
    code = (
        "import resource, subprocess, sys\n"
        f"words = {[*words, '--runs', 'again']!r}\n"
        "subprocess.run([sys.executable, '-m', 'orchestrator', *words], capture_output=True)\n"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)\n"
    )
    if words[0] != "review":
        return 0.0
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, check=True, capture_output=True, text=True)
    return float(done.stdout)


def _parts(run: Path) -> dict[str, float]:
    """Seconds from each event to the one before it, added up by what the event ends."""
    names = {"StepDone": "facts and quotes", "ProfileDetermined": "profile", "NodeFinished": "agents"}
    parts: dict[str, float] = {}
    last = None
    for line in (run / "journal.jsonl").read_bytes().splitlines():
        event = json.loads(line)
        at = _seconds(event["at"])
        if last is not None:
            name = names.get(event["kind"], "everything else")
            if event["kind"] == "StepDone" and event["data"]["key"].startswith("run#1:fact"):
                name = "reading the tree"
            parts[name] = parts.get(name, 0.0) + at - last
        last = at
    return parts


def _seconds(at: str) -> float:
    from datetime import datetime

    return datetime.fromisoformat(at).timestamp()


if __name__ == "__main__":
    started = time.perf_counter()
    print(measure(int(sys.argv[1])), time.perf_counter() - started)
