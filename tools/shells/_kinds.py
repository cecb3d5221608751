"""Tells what a file of an example is, as far as ways to make it void differ."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import cache
from pathlib import PurePosixPath
from typing import Any

import yaml

CODE = {
    ".py": "python", ".js": "javascript", ".jsx": "javascript", ".mjs": "javascript", ".ts": "javascript",
    ".tsx": "javascript", ".rb": "ruby", ".go": "go", ".cs": "csharp", ".swift": "swift",
}  # fmt: skip
OTHERS = {
    ".tf": "terraform", ".sql": "sql", ".md": "document", ".html": "html", ".conf": "nginx", ".toml": "toml",
    ".properties": "properties", ".java": "java", ".kt": "kotlin", ".scala": "scala", ".php": "php", ".rs": "rust",
    ".ex": "elixir", ".exs": "elixir", ".bicep": "bicep", ".adoc": "asciidoc", ".rst": "rst", ".cfg": "haproxy",
    ".jsonc": "jsonc", ".csproj": "xml",
}  # fmt: skip
IMAGES = frozenset({".png", ".jpg", ".webp", ".avif", ".gif"})
WORKLOADS = frozenset({"Deployment", "StatefulSet", "Rollout", "ReplicaSet", "DaemonSet"})


@cache
def kind(path: str, text: str) -> str:
    """What the file is: a language, ``workflow``, ``kubernetes``, ``rules``, ``dashboard``, and so on, or ``other``."""
    file = PurePosixPath(path.removesuffix(".j2"))
    if file.name == "postgresql.conf":
        return "other"
    if file.suffix in (".hcl", ".nomad"):
        return "nomad" if re.search(r'^job "', text, re.MULTILINE) else "other"
    if file.suffix == ".conf" and not re.search(r"[;{]", text):
        return "settings"
    if file.suffix in CODE or file.suffix in OTHERS:
        return CODE.get(file.suffix) or OTHERS[file.suffix]
    if file.name in (
        "Gemfile",
        "Dockerfile",
        "Jenkinsfile",
        "Caddyfile",
        "Procfile",
        "CODEOWNERS",
        "requirements.txt",
        "package.json",
    ):
        return file.name
    if file.parts[-2:] == (".kamal", "secrets"):
        return "dotenv"
    if file.suffix in IMAGES:
        return "image"
    if file.suffix == ".json":
        return _json(text)
    return _yaml(path, text) if file.suffix in (".yml", ".yaml") else "other"


def _json(text: str) -> str:
    try:
        body = json.loads(text)
    except ValueError:
        return "other"
    return "dashboard" if isinstance(body, dict) and "panels" in body else "json"


SHAPES: dict[str, Callable[[dict[str, Any]], bool]] = {
    "kubernetes": lambda body: "kind" in body and "metadata" in body,
    "rules": lambda body: isinstance(body.get("groups"), list),
    "alertmanager": lambda body: "route" in body and "receivers" in body,
    "compose": lambda body: isinstance(body.get("services"), dict),
}


def _yaml(path: str, text: str) -> str:
    if "{{" in text and re.search(r"(^|/)templates/", path):
        return "helm"
    if ".github/workflows/" in path:
        return "workflow"
    if path.endswith(".gitlab-ci.yml"):
        return "gitlab"
    try:
        body = next((document for document in documents(text) if document), None)
    except yaml.YAMLError:
        return "other"
    if not isinstance(body, dict):
        return "yaml"
    return next((name for name, fits in SHAPES.items() if fits(body)), "yaml")


def documents(text: str) -> list[Any]:
    """The documents of a YAML file."""
    return list(yaml.load_all(text, yaml.CSafeLoader))


def load(text: str) -> dict[str, Any]:
    """A workflow; the key that starts it is not a truth value."""
    return {"on" if key is True else key: value for key, value in documents(text)[0].items()}


def dump(*bodies: Any) -> str:
    """YAML as tools write it: blocks, in the order given."""
    return str(yaml.dump_all(bodies, Dumper=yaml.CSafeDumper, sort_keys=False, allow_unicode=True, width=10_000))
