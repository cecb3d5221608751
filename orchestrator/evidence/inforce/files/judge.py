"""Chooses by a file's path who can tell which of its lines have an effect."""

from __future__ import annotations

import re

from ..force import void
from . import apache, caddy, dockerfile, haproxy, jsons, manifests, nginx, plain, prose, sql
from .spans import Found, Spans

_NGINX = re.compile(r"(^|/)([\w.-]*nginx[\w.-]*\.(conf|tmpl|template)|nginx\.\w+)$|"
                    r"(^|/)([\w-]*nginx[\w-]*|sites-(available|enabled))/([\w.-]+/)*[\w.-]+$")  # fmt: skip
_HAPROXY = re.compile(r"(^|/)([\w.-]*haproxy[\w.-]*\.(cfg|conf|tmpl)|haproxy/([\w.-]+/)*[\w.-]+\.(cfg|conf))$")
_CADDY = re.compile(r"(^|/)(Caddyfile[\w.-]*|[\w.-]+\.(caddy|Caddyfile))$")
_APACHE = re.compile(r"(^|/)(\.htaccess|(httpd|apache2?)[\w.-]*\.conf|[\w.-]*vhosts?[\w.-]*(\.conf)?|"
                     r"(apache2?|httpd)/([\w.-]+/)*[\w.-]+\.(conf|inc))$")  # fmt: skip
_DOCKERFILE = re.compile(r"(^|/)((Dockerfile|Containerfile)([.-][\w.-]+)?|[\w.-]+\.([Dd]ockerfile|[Cc]ontainerfile))$")
_ENVIRONMENT = re.compile(r"(^|/)\.env(\.[\w.-]+)?$")
_BRACES = re.compile(rb"[{;]")
_BESIDE_WORKFLOWS = re.compile(r"(^|/)\.github/workflows/(?![^/]+\.ya?ml$)[\w./-]+\.ya?ml(\.\w+)?$")
_JOBS = re.compile(rb"^jobs:", re.MULTILINE)
_YAML = re.compile(r"\.ya?ml$")


def judge_of_settings(data: bytes, path: str) -> Spans | None:
    """The judge of the file at *path*; None where nothing can be said of files of its kind."""
    if _BESIDE_WORKFLOWS.search(path) and _JOBS.search(data):
        return Spans(data, _nothing)
    if _CADDY.search(path):
        return Spans(data, caddy.read)
    if _HAPROXY.search(path):
        return Spans(data, haproxy.read)
    if _APACHE.search(path):
        return Spans(data, apache.read)
    if _NGINX.search(path) and not path.endswith((".yaml", ".yml", ".json", ".md", ".sh")) and _BRACES.search(data):
        return Spans(data, nginx.reader(path))
    if _YAML.search(path):
        return Spans(data, manifests.reader(path))
    if path.endswith(".json"):
        return Spans(data, jsons.read)
    if _DOCKERFILE.search(path) and not path.endswith((".md", ".sh", ".py")):
        return Spans(data, dockerfile.reader(path))
    if path.lower().endswith(prose.SUFFIXES):
        return Spans(data, prose.read)
    if path.lower().endswith(".sql"):
        return Spans(data, sql.reader(path))
    if _ENVIRONMENT.search(path):
        return Spans(data, plain.trailing)
    name = path.rpartition("/")[2]
    reading = plain.BY_SUFFIX.get(name[name.rfind(".") :].lower()) if "." in name else None
    return Spans(data, reading) if reading is not None else None


def _nothing(data: bytes) -> Found:
    """Nothing of a file that lies among workflows and is none."""
    found = Found()
    found.add(0, len(data), void("lies where GitHub looks for no workflow"))
    return found
