"""Tells which values of a file are secret by its format: as it is parsed, else by its lines."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator
from typing import Any

from ..errors import FormatError
from ..formats import hcl
from ..formats.json import json_value
from ..formats.xml import Element, load_xml
from ..formats.yaml import load_all
from ..host.late import late
from ..redaction import Told, may_tell, told
from .tree import FileEntry

_YAML = (".yaml", ".yml", ".template")
_JSON = (".json", ".tfstate", ".template", ".dockerconfigjson", ".dockercfg", ".backup")
_HCL = (".tf", ".tofu", ".tfvars", ".hcl", ".nomad")
_XML = (".xml", ".config", ".csproj", ".pubxml", ".plist", ".props")
_SETTINGS = late(
    r"(^|/)(\.?env(rc)?|[^/]*\.env|\.env[.-][^/]*|[^/]*\.(properties|ini|cfg|conf|cnf|toml|service|netrc|pgpass|npmrc|pypirc|envrc)|"
    r"\.?(netrc|pgpass|npmrc|pypirc|my\.cnf)|Procfile[^/]*)$",
    re.IGNORECASE,
)
_LINES = late(
    r"(^|/)([^/]*(docker|container)file[^/]*|Makefile[^/]*|Jenkinsfile[^/]*|Vagrantfile|[^/]*\.(sh|bash|zsh|fish|ps1|bat|cmd|mk|sql|"
    r"md|mdx|rst|adoc|txt|tpl|tmpl|j2|erb|gotmpl|groovy|jsonnet|bicep|cue|toml))$",
    re.IGNORECASE,
)
_PASSWORDS = late(r"pgpass[^/]*$", re.IGNORECASE)
_PGPASS = late(r"([^:#\n]{1,200}:[\d*]{1,5}:[^:\n]{1,100}:[^:\n]{1,100}):(.{1,300})")
_SETTING = late(r"\s*(?:export\s|set\s|-\s)?[\"']?([\w.-]{1,80})[\"']?\s{0,8}[=:]\s{0,8}(.{1,2000})")
_SECTION = late(r"( *)(?:- )?(data|stringData|kind)[ ]?:[ ]?(.*)")
_ENTRY = late(r"( +)[\"']?([\w.-]{1,120})[\"']?[ ]?:[ ]+(?:![\w!]+ )?(.{1,4000})")
_DECODED = 20_000


def wanted(file: FileEntry) -> bool:
    """Whether what *file* holds can be told by its format or its lines; program code is told by its shapes alone."""
    path = file.path.lower()
    return path.endswith((*_YAML, *_JSON, *_HCL, *_XML)) or bool(_SETTINGS.search(path) or _LINES.search(path))


def kept_secret(path: str, data: bytes, marked: set[str]) -> Iterator[Told]:
    """
    Every value that the file says is secret, with its name; of what is encoded also what it stands for.

    Args:
        path: Tells the format.
        data: The file.
        marked: Terraform variables that are marked as sensitive; those of this file are added.
    """
    if not may_tell(data) and not marked and not _PASSWORDS.search(path):
        return
    for value in _told(path.lower(), data, marked):
        yield value
        yield from _inside(value)


def _told(path: str, data: bytes, marked: set[str]) -> Iterator[Told]:
    if path.endswith(_JSON) or path.rpartition("/")[2] == "config.json":
        yield from _parsed(lambda: [json_value(data)], data)
    elif path.endswith(_YAML):
        yield from _parsed(lambda: [document.body for document in load_all(data)], data)
    elif path.endswith(_HCL):
        yield from _terraform(data, marked)
    elif path.endswith(_XML):
        yield from _parsed(lambda: [_as_mapping(load_xml(data))], data)
    elif _SETTINGS.search(path):
        yield from _settings(data.decode("utf-8", "replace"))


def _parsed(read: Callable[[], list[Any]], data: bytes) -> Iterator[Told]:
    """What the documents say that *read* gives; where they are malformed, as templates are, what their lines say."""
    try:
        documents = read()
    except FormatError:
        yield from _sections(data.decode("utf-8", "replace"))
        return
    for body in documents:
        yield from told(body)


def _terraform(data: bytes, marked: set[str]) -> Iterator[Told]:
    try:
        parsed = hcl.load(data)
    except FormatError:
        return
    for block in parsed.blocks:
        label = block.labels[-1] if block.labels else ""
        if block.kind == "variable" and block.body.get("sensitive") is True:
            marked.add(label)
        yield from told(
            {"block": block.kind, "type": block.labels[0] if block.labels else "", "label": label, "body": block.body}
        )
    yield from told(parsed.attributes)
    for name in marked & parsed.attributes.keys():
        yield from told({"sensitive": True, "value": {name: parsed.attributes[name]}})


def _as_mapping(root: Element) -> dict[str, Any]:
    """*root* as the mappings that JSON would have for it: attributes, texts and children under their names."""
    top: dict[str, Any] = {}
    todo = [(root, top)]
    while todo:
        element, mapping = todo.pop()
        inner: dict[str, Any] = dict(element.attributes)
        for child in element.children:
            todo.append((child, inner))
        plain = not element.attributes and not element.children
        mapping.setdefault(f"{element.name}", []).append(element.text.strip() if plain else inner)
    return top


def _settings(text: str) -> Iterator[Told]:
    for line in text.splitlines():
        if found := _PGPASS.fullmatch(line.strip()):
            yield Told(found[1], found[2])
        elif found := _SETTING.match(line):
            yield from told({found[1]: found[2].strip().strip("\"'")})


def _sections(text: str) -> Iterator[Told]:
    """What the lines of a template say that becomes a Secret."""
    kind, deep = "", -1
    for line in text.splitlines():
        if line.startswith("---"):
            kind, deep = "", -1
        section = _SECTION.match(line)
        if section and section[2] == "kind":
            kind = section[3].strip().strip("\"'")
        elif section and not section[3].strip():
            deep = len(section[1]) if kind == "Secret" or section[2] == "stringData" else -1
        elif found := _ENTRY.match(line):
            if deep >= 0 and len(found[1]) > deep:
                yield from told({"kind": "Secret", "data": {found[2]: found[3].strip().strip("\"'")}})
            else:
                deep = -1
                yield from told({found[2]: found[3].strip().strip("\"'")})
        elif line.strip() and not line.startswith(" "):
            deep = -1


def _inside(value: Told) -> Iterator[Told]:
    """What the base64 or JSON in *value* stands for."""
    text = value.value.strip()
    plain = _decoded(text)
    if plain:
        yield Told(value.name, plain)
    for inner in (text, plain):
        if inner.startswith(("{", "[")) and len(inner) <= _DECODED:
            try:
                found = list(told(json_value(inner)))
            except FormatError:
                continue
            for one in found:
                yield one
                if pair := _decoded(one.value):
                    yield Told(one.name, pair)
                    yield Told(one.name, pair.partition(":")[2])
    if ":" in plain:
        yield Told(value.name, plain.partition(":")[2])


def _decoded(text: str) -> str:
    """The text that base64 stands for; empty where it stands for none."""
    try:
        plain = base64.b64decode("".join(text.split())[:_DECODED], validate=True).decode()
    except ValueError:
        return ""
    return plain if (len(plain) > 2 and plain.isprintable()) or "\n" in plain else ""
