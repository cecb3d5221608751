"""Tells which parts have a browser user interface, and who serves them."""

from __future__ import annotations

import re

from orchestrator import (
    Dependency,
    Dockerfiles,
    Files,
    Hits,
    Kubernetes,
    Manifest,
    Manifests,
    Markup,
    Pipelines,
    Places,
    Source,
    source_of,
    stage_of_file,
    words,
)

FRAMEWORKS = words("packages/page-frameworks")
BY_ROUTE = words("packages/route-splitters")
ASIDE = re.compile(
    r"(^|/)((?:[\w-]*[_-])?docs?(?:[_-][\w-]*)?|documentation|website|site|examples?|samples?|contrib|storybook|"
    r"e2e|tests?|"
    r"fixtures?)/",
    re.IGNORECASE,
)
_DEBUG = re.compile(r"(^|[/_.-])debug([/_.-]|$)", re.IGNORECASE)
_HOSTED = ("netlify.toml", "vercel.json", "staticwebapp.config.json", "amplify.yml")
_PUBLISHERS = (
    "actions/deploy-pages", "peaceiris/actions-gh-pages", "jamesives/github-pages-deploy-action",
    "cloudflare/pages-action", "nwtgck/actions-netlify", "amondnet/vercel-action", "azure/static-web-apps-deploy",
    "firebaseextended/action-hosting-deploy",
)  # fmt: skip


def in_production(manifest: Manifest) -> bool:
    """Whether a manifest is about what users get, and not about tests, examples or documentation."""
    return manifest.role != "test" and not ASIDE.search(manifest.path)


def at_work(path: str) -> bool:
    """Whether a path says that its file is for those who build the product."""
    return stage_of_file(path) == "development" or bool(_DEBUG.search(path))


def front_ends(manifests: Manifests) -> list[tuple[Manifest, Dependency]]:
    """Every package.json of production that uses a front-end framework, with the first dependency that says so."""
    found: dict[str, tuple[Manifest, Dependency]] = {}
    for manifest, dependency in manifests.uses(FRAMEWORKS, BY_ROUTE):
        served = manifest.scripts.keys() & {"build", "start", "serve", "build:prod", "build:production"}
        native = any(d.package in ("react-native", "expo") for d in manifest.dependencies)
        if manifest.ecosystem == "npm" and served and in_production(manifest) and not (manifest.library or native):
            found.setdefault(manifest.path, (manifest, dependency))
    return list(found.values())


def hosting(files: Files, pipelines: Pipelines, dockerfiles: Dockerfiles, kubernetes: Kubernetes) -> list[Source]:
    """
    The places that say that a static host with a CDN of its own (Netlify, Vercel, GitHub Pages …) serves this tree.

    Nothing where images or manifests are built as well: then the site that is published may be no more than the
    documentation.
    """
    if kubernetes.there or dockerfiles.written:
        return []
    found = [source_of(f) for f in files.named(*_HOSTED) if f.role == "config" and not ASIDE.search(f.path)]
    tops = {f.path: f for f in files.entries if "/" not in f.path}
    if "CNAME" in tops and "_config.yml" in tops:
        found.append(source_of(tops["CNAME"]))
    for pipeline, job, step in pipelines.steps():
        words = f"{job.id} {step.name} {pipeline.path}".lower()
        if step.uses.lower().startswith(_PUBLISHERS) and not re.search(r"doc|story|coverage|preview", words):
            found.append(pipeline.at(step))
    return found


def for_browsers(hits: Hits, dockerfiles: Dockerfiles, manifests: Manifests, markup: Markup) -> Places:
    """
    The places among *hits* that concern what browsers get; a dependency that is merely declared is none.

    Settings of development and tests do not count, nor does one service of several that has no pages and no front end.
    """
    folders = {f.path.rpartition("/")[0] + "/" for f in dockerfiles.written} - {"/"}
    shown = {m.path for m, _ in front_ends(manifests)} | {p.path for p in markup.pages}
    above = {path[: at + 1] for path in shown for at, char in enumerate(path) if char == "/"}
    silent = tuple(sorted(folders - above)) if len(folders) > 1 else ()
    return hits.places.under(
        lambda path: (
            not (path.endswith("package.json") or ASIDE.search(path) or at_work(path))
            and not (silent and path.startswith(silent))
        )
    )
