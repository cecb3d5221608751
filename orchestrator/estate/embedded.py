"""Reads what one tool has another one install: objects of a cluster in Terraform, charts in objects of a cluster."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping

from ..evidence.facts.infrastructure import Block
from ..evidence.facts.kubernetes import Resource

MANIFESTS = {"kubectl_manifest": "yaml_body", "kubernetes_manifest": "manifest"}
"""Types of resources that are objects of a cluster, and the attribute in which these stand."""
_FROM_FILE = re.compile(r"\b(file|templatefile|fileset)\(|data\.kubectl_")
_HELD = {"OCIRepository": "url", "HelmChart": "chart"}
"""Sources of Flux that hold one chart, and what names it."""
_MOST_TEXT = 100_000
_VERSION = re.compile(r"^\s{0,40}[\"']?apiVersion[\"']?\s{0,9}[:=]\s{0,9}[\"']?([\w./-]{1,100})", re.MULTILINE)
_KIND = re.compile(r"^\s{0,40}[\"']?kind[\"']?\s{0,9}[:=]\s{0,9}[\"']?(\w{1,100})", re.MULTILINE)


def objects(block: Block) -> Iterator[str]:
    """
    The names, as the vocabulary has them, of the objects that *block* declares; empty for one that cannot be told.

    What it takes from a file is read with the tree.
    """
    value = block.get(MANIFESTS[block.type])
    if isinstance(value, dict):
        yield _name(str(value.get("apiVersion", "")), str(value.get("kind", "")))
        return
    text = str(value if value is not None else "")[:_MOST_TEXT]
    if _FROM_FILE.search(text):
        return
    documents = [part for part in re.split(r"^---", text, flags=re.MULTILINE) if part.strip()]
    for document in documents or [""]:
        version, kind = _VERSION.search(document), _KIND.search(document)
        yield _name(version[1] if version else "", kind[1] if kind else "")


def _name(version: str, kind: str) -> str:
    return f"{version}, kind: {kind}" if version and kind else ""


def sources(resources: Iterable[Resource]) -> dict[tuple[str, str], str]:
    """The charts that sources of Flux hold, by the kind and name of each; empty for several of one name."""
    found: dict[tuple[str, str], set[str]] = {}
    for one in resources:
        if one.kind in _HELD and one.api_version.startswith("source.toolkit.fluxcd.io/"):
            held = str(one.get("spec", _HELD[one.kind]) or "").rstrip("/").rpartition("/")[2]
            found.setdefault((one.kind, str(one.get("metadata", "name"))), set()).add(held)
    return {key: charts.pop() if len(charts) == 1 else "" for key, charts in found.items()}


def chart(resource: Resource, held: Mapping[tuple[str, str], str] = {}) -> str:
    """
    The name of the chart that *resource* has installed; empty where it is no release of one.

    Args:
        held: What the sources hold that it may refer to, see :func:`sources`.
    """
    if resource.kind == "HelmRelease" and resource.api_version.startswith("helm.toolkit.fluxcd.io/"):
        reference = tuple(str(resource.get("spec", "chartRef", key) or "") for key in ("kind", "name"))
        return str(
            resource.get("spec", "chart", "spec", "chart") or held.get((reference[0], reference[1]), reference[1])
        )
    if resource.kind == "Application" and resource.api_version.startswith("argoproj.io/"):
        return str(resource.get("spec", "source", "chart") or "")
    return ""


def is_of_the_tree(resource: Resource, folders: Collection[str]) -> bool:
    """
    Whether all that *resource* has Argo CD apply lies in *folders* of the tree, and is read with it.

    Of a path that a template fills in, at least one folder is there for it.
    """
    if resource.kind not in ("Application", "ApplicationSet") or not resource.api_version.startswith("argoproj.io/"):
        return False
    keys = ("spec",) if resource.kind == "Application" else ("spec", "template", "spec")
    one, several = resource.get(*keys, "source"), resource.items(*keys, "sources")
    sources_ = [one] if isinstance(one, dict) else several
    return bool(sources_) and all(
        isinstance(s, dict) and not s.get("chart") and _is_there(s, folders) for s in sources_
    )


def _is_there(source: Mapping[str, object], folders: Collection[str]) -> bool:
    path = str(source.get("path") or "").strip("/").removeprefix("./")[:500]
    if not path:
        return bool(source.get("ref"))  # only lends its values to another source
    if "{" not in path:
        return path in folders
    fixed = [part if "{" not in part else None for part in path.split("/")]
    return any(
        len(parts) == len(fixed) and all(want in (None, part) for want, part in zip(fixed, parts, strict=True))
        for parts in (folder.split("/") for folder in folders)
    )
