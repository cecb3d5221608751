"""Reads Terraform and CloudFormation into one fact."""

from __future__ import annotations

import copy
from typing import Any

from ...domain.fact import Fact
from ...domain.located import pointer
from ...errors import FormatError
from ...formats import hcl
from ...formats.yaml import Parsed
from ..facts.files import Files
from ..facts.infrastructure import Block, Infrastructure
from ..reader import Reader
from ..tree import FileEntry, SourceFile
from ._parts import json_blocks, lines_below, refuse_depth
from ._variables import Variables

_ROLES = frozenset({"infra", "config", "ci", "source", "other"})
_TERRAFORM = (".tf", ".tofu")
_JSON = (".tf.json", ".tofu.json")
_VALUES = (".tfvars", ".tfvars.json")
_TEMPLATES = (".yaml", ".yml", ".json", ".template")
_MAX_TEMPLATE_BYTES = 1_500_000
_POLICIES = ("DeletionPolicy", "UpdateReplacePolicy")
_LABELS = {"resource": 2, "data": 2, "locals": 0, "terraform": 0}
"""How many labels a block has; one where nothing is said."""


class InfrastructureReader(Reader):
    """Reads Terraform with its variables, and CloudFormation templates by what stands in them."""

    fact = Infrastructure

    def __init__(self) -> None:
        self._blocks: list[Block] = []
        self._variables = Variables()
        self._files = 0

    def wants(self, file: FileEntry) -> bool:
        if file.role not in _ROLES:
            return False
        path = file.path.lower()
        if path.endswith((*_TERRAFORM, *_JSON, *_VALUES)) or file.name == "terragrunt.hcl":
            return True
        return path.endswith(_TEMPLATES)

    def read(self, source: SourceFile) -> None:
        path = source.path.lower()
        if path.endswith(_TERRAFORM):
            self._terraform(source)
        elif path.endswith(_JSON):
            self._terraform_json(source)
        elif path.endswith(_VALUES) or source.file.name == "terragrunt.hcl":
            self._values(source)
        elif b"AWS::" in source.data and b"Resources" in source.data:
            if len(source.data) > _MAX_TEMPLATE_BYTES:
                raise FormatError(f"more than the {_MAX_TEMPLATE_BYTES:,} bytes that are read of a template")
            self._template(source)

    def finish(self, files: Files) -> Fact:
        modules = [(b.path, b.type, b.body) for b in self._blocks if b.block == "module" and b.tool == "terraform"]
        self._variables.override_by_modules(modules)
        for block in self._blocks:
            if block.tool == "terraform" and block.block not in ("variable", "locals"):
                self._variables.resolve(block.path, block.body)
        return Infrastructure(blocks=tuple(self._blocks), files=self._files)

    def _terraform(self, source: SourceFile) -> None:
        parsed = hcl.load(source.data)
        self._files += 1
        for block in parsed.blocks:
            self._add(source.path, block.kind, block.labels, block.line, block.body, block.lines)
        if parsed.error:
            raise parsed.error

    def _terraform_json(self, source: SourceFile) -> None:
        document = source.json()
        if not isinstance(document.body, dict):
            raise FormatError("no mapping at the top", document.line)
        refuse_depth(document.body)
        self._files += 1
        grouped: dict[int, dict[str, dict[str, int]]] = {}
        for kind, content in copy.deepcopy(document.body).items():
            for labels, keys, body in json_blocks(content, _LABELS.get(kind, 1)):
                depth = len(keys) + 1
                if depth not in grouped:
                    grouped[depth] = lines_below(document, depth)
                lines = dict(grouped[depth].get(pointer((kind, *keys)), {}))
                self._add(source.path, kind, labels, lines.pop("", 1), body, lines)

    def _values(self, source: SourceFile) -> None:
        """Files that give variables their values: those that Terraform loads by itself, and those it is told of."""
        if source.path.endswith(".json"):
            body = source.json().body
            values = body if isinstance(body, dict) else {}
        else:
            values = hcl.load(source.data).attributes
        if source.file.name == "terragrunt.hcl":
            inputs = values.get("inputs")
            values = inputs if isinstance(inputs, dict) else {}
        name = source.file.name.removesuffix(".json")
        if name == "terraform.tfvars" or name.endswith(".auto.tfvars"):
            self._variables.load(source.path, values)
        else:
            self._variables.override(values)

    def _template(self, source: SourceFile) -> None:
        document = source.json() if source.path.lower().endswith(".json") else _first(source)
        resources = document.body.get("Resources") if document and isinstance(document.body, dict) else None
        if document is None or not isinstance(resources, dict):
            return
        refuse_depth(resources)
        lines = lines_below(document, 2)
        before = len(self._blocks)
        for name, resource in resources.items():
            kind = resource.get("Type") if isinstance(resource, dict) else None
            if not isinstance(kind, str) or not kind.startswith(("AWS::", "Custom::")):
                continue
            properties = resource.get("Properties")
            body = properties if isinstance(properties, dict) else {}
            here = lines.get(pointer(("Resources", name)), {})
            self._blocks.append(
                Block(
                    path=source.path,
                    line=here.get("", document.line),
                    body=body | {key: resource[key] for key in _POLICIES if key in resource},
                    lines=_of_properties(here),
                    tool="cloudformation",
                    type=kind,
                    label=name,
                )
            )
        self._files += len(self._blocks) > before

    def _add(
        self, path: str, kind: str, labels: tuple[str, ...], line: int, body: dict[str, Any], lines: dict[str, int]
    ) -> None:
        first, last = (labels[0], labels[-1]) if labels else ("", "")
        named = {"module": str(body.get("source", "")), "variable": "", "output": ""}
        block = Block(path=path, line=line, body=body, lines=lines, block=kind, type=named.get(kind, first), label=last)
        self._blocks.append(block)
        self._variables.declare(path, kind, last, body)


def _first(source: SourceFile) -> Parsed | None:
    return next(iter(source.yaml()), None)


def _of_properties(lines: dict[str, int]) -> dict[str, int]:
    """The lines of a resource's properties and policies, by pointers into a block's body."""
    start = "/Properties"
    inner = {key[len(start) :]: line for key, line in lines.items() if key.startswith(f"{start}/")}
    return inner | {f"/{key}": lines[f"/{key}"] for key in _POLICIES if f"/{key}" in lines}
