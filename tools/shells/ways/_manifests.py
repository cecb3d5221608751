"""Ways of manifests and other settings: dependencies that nobody installs, scripts that do nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from .._kinds import documents, dump, kind
from .._way import Void, Way, indented, rewritten

Body = dict[str, Any]


def _package(name: str, change: Callable[[Body], object]) -> Way:
    def make(text: str) -> str | None:
        body = json.loads(text)
        change(body)
        return json.dumps(body) if body != json.loads(text) else None

    return rewritten(name, "package.json", make)


def _moved(key: str) -> Callable[[Body], object]:
    def change(body: Body) -> None:
        if "dependencies" in body:
            body[key] = body.pop("dependencies")

    return change


def _scripts(form: str) -> Callable[[Body], object]:
    def change(body: Body) -> None:
        body["scripts"] = {name: form.format(script) for name, script in body.get("scripts", {}).items()}
        if not body["scripts"]:
            del body["scripts"]

    return change


def _marked(text: str) -> str:
    return "".join(f'{line} ; python_version < "2"\n' if line.strip() else "\n" for line in text.splitlines())


def _dependabot(name: str, change: Callable[[Body], object]) -> Way:
    def make(text: str) -> str | None:
        body = documents(text)[0]
        if not isinstance(body, dict) or not isinstance(body.get("updates"), list):
            return None
        for update in body["updates"]:
            change(update)
        return dump(body)

    return rewritten(name, "yaml", make)


def _collector(text: str) -> str | None:
    """Components of a collector that are part of no pipeline."""
    body = documents(text)[0]
    if not isinstance(body, dict) or not {"processors", "connectors"} & body.keys():
        return None
    body["service"] = {"pipelines": {"traces": {"receivers": ["otlp"], "processors": [], "exporters": ["otlp"]}}}
    return dump(body)


def _available(path: str, text: str) -> Void | None:
    """A site of nginx that is available and not enabled."""
    if kind(path, text) != "nginx":
        return None
    return Void({f"nginx/sites-available/{path.rpartition('/')[2]}": text})


WAYS: tuple[Way, ...] = (
    _package("packages that only development installs", _moved("devDependencies")),
    _package("scripts that only say it", _scripts("echo '{}'")),
    _package("scripts that do nothing", _scripts(": '{}'")),
    _package("scripts after the end of the program", _scripts("exit 0; {}")),
    rewritten("for a version that nobody has", "requirements.txt", _marked),
    _dependabot("no proposals at all", lambda update: update.update({"open-pull-requests-limit": 0})),
    _dependabot("for a folder that is not there", lambda update: update.update(directory="/no/such")),
    _dependabot("everything ignored", lambda update: update.update(ignore=[{"dependency-name": "*"}])),
    rewritten("part of no pipeline", "yaml", _collector),
    rewritten(
        "a stage that nobody uses",
        "Dockerfile",
        lambda text: text.rstrip() + " AS unused\n\nFROM scratch\n" if text.count("\n") < 2 else None,
    ),
    rewritten(
        "in a block that no request reaches",
        "nginx",
        lambda text: (
            None
            if "server {" in text or "http {" in text
            else f"server {{\n  listen 127.0.0.1:1;\n  location /no-such-path {{\n{text}}}\n}}\n"
        ),
    ),
    Way("available and not enabled", _available),
    rewritten("a file of no bytes", "image", "".format),
    rewritten("a file that is no image", "image", "to be drawn\n".format),
    rewritten("only in development", "properties", lambda text: "spring.config.activate.on-profile=dev\n" + text),
    rewritten("under a key that nobody reads", "toml", lambda text: text.replace("[", "[x-disabled.")),
    rewritten("a snippet that nobody imports", "Caddyfile", lambda text: f"(unused) {{\n{indented(text)}}}\n"),
    rewritten("for no path", "CODEOWNERS", lambda text: text.replace("*", "/no/such/path/")),
)
