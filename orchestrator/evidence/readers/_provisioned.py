"""Tells apart and parses files that set up monitoring, Helm templates and text in ConfigMaps too."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...domain.located import Located
from ...errors import FormatError
from ...formats.yaml import Parsed, load_all
from .. import classify
from ..tree import FileEntry, SourceFile

_QUOTED = re.compile(r"\{\{-?\s?`[^`]*`\s?-?\}\}")
_ACTION = re.compile(r"\{\{[^{}]*\}\}")
_ONLY = "\0"
_HANDED_ON = re.compile(
    r"(^|/)(values[^/]*|[^/]*[-_.]values|kustomization|helmfile[^/]*)\.ya?ml$|"
    r"(^|/)(group_vars|host_vars|vars|defaults|inventory|inventories|helmfile[^/]*)/"
)


def in_production(file: FileEntry) -> bool:
    """Whether *file* sets up something real; below Grafana's ``provisioning`` a folder called ``demo`` is a name."""
    before, found, _ = file.path.rpartition("/provisioning/")
    role = classify.role(f"{before}/x.yaml") if found else file.role
    return role not in classify.QUIET


def documents(source: SourceFile) -> list[Parsed]:
    """
    The documents of a YAML or JSON file; a Helm template is parsed with its expressions blanked out.

    Raises:
        FormatError: It is malformed, with or without templates.
    """
    if source.file.suffix == ".json":
        return [source.json()]
    try:
        return source.yaml()
    except FormatError:
        if b"{{" not in source.data:
            raise
        return load_all(_blanked(source.text).encode())


def hands_on(path: str, body: object) -> bool:
    """
    Whether whatever stands in a document may reach the tool that it is for, under any key.

    That is so of an object of Kubernetes, of the values of a chart, of variables of a playbook and of a compose file;
    of any other mapping it is told by the key at its top.
    """
    if not isinstance(body, dict):
        return True
    return "kind" in body or "services" in body or _HANDED_ON.search(path) is not None


def texts(document: Located) -> Iterator[tuple[int, str]]:
    """Every longer text inside *document*, with the line before its first: ConfigMaps carry whole files this way."""
    for keys, value in document.walk():
        if isinstance(value, str) and len(value) > 40 and ("\n" in value or value.lstrip().startswith("{")):
            yield document.at(*keys).line, value


def _blanked(text: str) -> str:
    """*text* without Helm's expressions: a line that is nothing else becomes empty, and line numbers stay."""
    text = _QUOTED.sub("x", text)
    text = _ACTION.sub(lambda found: _ONLY + "\n" * found[0].count("\n"), text)
    return "\n".join(
        "" if not line.replace(_ONLY, "").strip() else line.replace(_ONLY, "x") for line in text.split("\n")
    )
