"""Tells the services of a repository apart, so that *each* can be asked for and not just *one*."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from orchestrator import (
    ALL,
    Code,
    Dockerfiles,
    Files,
    Hits,
    Kubernetes,
    Places,
    Routes,
    Several,
    Signal,
    each,
    stage_of_file,
)

_SERVER = frozenset(
    {"python", "javascript", "typescript", "go", "java", "kotlin", "scala", "groovy", "ruby", "php", "csharp", "fsharp",
     "rust", "cpp", "elixir", "erlang", "clojure", "haskell", "swift", "dart"}
)  # fmt: skip
_ASIDE = re.compile(
    r"load-?_?(gen|test)|mock|stub|fixture|(^|[/_-])(e2e|tests?|tools?|migrations?|seed|scripts?|docs?)(/|$)", re.I
)
_SCRIPT = re.compile(
    r"(?:^|(?<!\bserver)(?<!\bsrc)(?<!\bapp)(?<!\bapi)(?<!\blib)(?<!\bbackend)/)tools?/|(^|/)(scripts?|bin|hack|build|devtools|cli|cypress|management/commands|migrations?|seeds?|"
    r"db|extras?|contrib|load-?_?(gen|test)\w*|benchmarks?)/|"
    r"(^|/)(setup|manage|fabfile|gulpfile|gruntfile|rakefile|webpack[\w.]*|[\w.-]*\.config)\.?\w*$",
    re.IGNORECASE,
)
_SPRING = re.compile(r"(.{0,300}?/|)src/main/resources/(?:config/)?application\.(?:properties|ya?ml)$")
_BROWSER = re.compile(
    r"\.(vue|svelte|erb|ejs|html|jsx)$|(^|/)(clients?|frontend|public|static|assets|web/src|ui|views)/.*\.[cm]?[jt]sx?$",
    re.IGNORECASE,
)


def offstage(path: str) -> bool:
    """Whether source does not answer requests in production: browsers', scripts, builds, migrations, tests."""
    return bool(_SCRIPT.search(path) or _BROWSER.search(path)) or stage_of_file(path) == "development"


BROWSERS = Signal(
    id="monitoring.of-a-browser",
    pattern=r"@sentry/(?:react|browser|vue|svelte|angular|gatsby|ember|capacitor|react-native|electron)\b|[bB]rowserTracing|"
    r"@datadog/browser-|opentelemetry/sdk-trace-web|WebTracerProvider|@elastic/apm-rum|@newrelic/browser-agent|"
    r"applicationinsights-web",
    roles=("source",),
    kept=ALL,
)
"""What measures pages where they are shown, and no service."""


def off_pages(code: Code, places: Places) -> Places:
    """*places* without the files that measure pages in browsers."""
    pages = set(code[BROWSERS].places.files)
    return places.under(lambda path: path not in pages)


def serves(routes: Routes, dockerfiles: Dockerfiles, kubernetes: Kubernetes) -> bool:
    """Whether something here answers requests; what a library or a command prints is its output and no log."""
    ports = any(i.keyword == "EXPOSE" for d in dockerfiles.written for i in d.last_stage)
    return bool(routes.routes or ports or kubernetes.servers)


@dataclass(frozen=True)
class Coverage:
    """Which services something was found in, and which it was not."""

    having: tuple[str, ...]
    lacking: tuple[str, ...]

    @property
    def whole(self) -> bool:
        return bool(self.having) and not self.lacking


@dataclass(frozen=True)
class Services:
    """The folders of the services; one empty path where the repository is a single service."""

    roots: tuple[str, ...]

    @property
    def several(self) -> bool:
        return len(self.roots) > 1

    def owner(self, path: str) -> str | None:
        """The service that *path* belongs to; None where it belongs to none."""
        folder = path
        while folder:
            folder = folder.rpartition("/")[0]
            if folder in self._known:
                return folder
        return None

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(self.roots)

    def coverage(self, paths: Iterable[str]) -> Coverage:
        having = {self.owner(path) for path in paths}
        return Coverage(
            tuple(root for root in self.roots if root in having),
            tuple(root for root in self.roots if root not in having),
        )


def services(files: Files, dockerfiles: Dockerfiles) -> Services:
    """
    The services of a tree; load generators and tools are none.

    A service is a folder with a Dockerfile, or with the settings of a Spring Boot application, whose image may be built
    without one, and source beside or below it.
    """
    folders = {d.path.rpartition("/")[0] for d in dockerfiles.written}
    folders |= {m[1].rstrip("/") for f in files.entries if f.role == "config" and (m := _SPRING.match(f.path))}
    candidates = Services(tuple(sorted(f for f in folders if not _ASIDE.search(f))))
    owners = {candidates.owner(f.path) for f in files.entries if f.role == "source" and f.language in _SERVER}
    roots = tuple(root for root in candidates.roots if root in owners)
    return Services(roots) if len(roots) > 1 else Services(("",))


def named(roots: Iterable[str]) -> Several:
    """Services by the names of their folders."""
    return each(roots, name=lambda root: root.removesuffix("/src").rpartition("/")[2] or "at the root")


def onstage(hits: Hits) -> Places:
    """The places of a signal outside scripts, builds and browsers' code."""
    return hits.places.under(lambda path: not offstage(path))
