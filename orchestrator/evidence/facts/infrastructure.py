"""Reads Terraform and CloudFormation as one fact: declared cloud resources."""

from __future__ import annotations

import copy
import re
from collections.abc import Set
from functools import cached_property
from typing import Any, ClassVar

from ...domain.fact import Fact
from ...domain.located import Located, pointer
from ...errors import FormatError
from ...formats import hcl
from ...formats.yaml import Parsed
from ..reader import Reader
from ..tree import FileEntry, SourceFile
from ._parts import json_blocks, lines_below, refuse_depth
from ._variables import Variables
from .files import Files


class Block(Located):
    """
    One block of Terraform, or one resource of CloudFormation.

    ``body`` maps attributes to values; a nested block is a list of mappings under its name (Terraform allows several).
    Literals are plain values; an expression is a string as written, such as ``var.days`` or ``${aws_kms_key.k.arn}``.
    In Terraform, ``var.x`` and ``local.x`` stand for their value where that is a literal and nothing overrides it. Of a
    CloudFormation resource, ``body`` holds the properties, with ``DeletionPolicy`` and its like beside them.
    """

    tool: str = "terraform"
    """terraform or cloudformation."""
    block: str = "resource"
    """resource, data, module, provider, variable, output, terraform, locals."""
    type: str = ""
    """``aws_db_instance`` or ``AWS::RDS::DBInstance``; the source of a module; the name of a provider."""
    label: str = ""

    @property
    def address(self) -> str:
        """What people call it: ``aws_db_instance.main``, ``module.db``, ``Orders (AWS::DynamoDB::Table)``."""
        if self.tool == "cloudformation":
            return f"{self.label} ({self.type})"
        return f"{self.type}.{self.label}" if self.block == "resource" else f"{self.block}.{self.label}"

    def nested(self, *keys: str) -> list[dict[str, Any]]:
        """The nested blocks under *keys*; empty where there are none."""
        value = self.get(*keys)
        if isinstance(value, dict):
            return [value]
        return [v for v in value if isinstance(v, dict)] if isinstance(value, list) else []

    def flag(self, *keys: str | int) -> bool | None:
        """True or False where the value under *keys* says so (also as text); None where it is missing or computed."""
        return as_flag(self.get(*keys))

    def number(self, *keys: str | int) -> float | None:
        """The number under *keys* (also as text); None where it is missing or computed."""
        return as_number(self.get(*keys))


def as_flag(value: Any) -> bool | None:
    """A literal boolean, also written as text; None for anything else."""
    text = str(value).lower() if isinstance(value, bool | str) else ""
    return {"true": True, "false": False}.get(text)


def as_number(value: Any) -> float | None:
    """A literal number, also written as text; None for anything else."""
    if isinstance(value, str) and len(value) < 20 and value.strip().replace(".", "", 1).isdecimal():
        return float(value)
    numeric = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if numeric and abs(value) < 1e15 else None


class Infrastructure(Fact):
    """Every block of Terraform and every resource of CloudFormation or SAM, outside tests and examples."""

    name: ClassVar[str] = "infrastructure"

    blocks: tuple[Block, ...] = ()
    files: int = 0
    """How many files were parsed."""

    def of(self, *types: str) -> list[Block]:
        """The resources of *types*."""
        found = [place for kind in dict.fromkeys(types) for place in self._by_type.get(kind, ())]
        return [self.blocks[place] for place in sorted(found)]

    @property
    def resources(self) -> list[Block]:
        return list(self._by_block.get("resource", ()))

    @property
    def modules(self) -> list[Block]:
        return list(self._by_block.get("module", ()))

    @property
    def data(self) -> list[Block]:
        """What Terraform reads and does not make."""
        return list(self._by_block.get("data", ()))

    def labelled(self, block: str, label: str) -> list[Block]:
        """The blocks of one kind (``data``, ``module``) that carry *label*."""
        return list(self._by_label.get((block, label), ()))

    def users(self, block: Block) -> Set[str]:
        """The types of the resources and modules of the same file that name the id of *block*."""
        return self._users.get((block.path, block.address), frozenset())

    @cached_property
    def _by_type(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for place, block in enumerate(self.blocks):
            if block.block == "resource":
                found.setdefault(block.type, []).append(place)
        return found

    @cached_property
    def _by_block(self) -> dict[str, list[Block]]:
        found: dict[str, list[Block]] = {}
        for block in self.blocks:
            found.setdefault(block.block, []).append(block)
        return found

    @cached_property
    def _by_label(self) -> dict[tuple[str, str], list[Block]]:
        found: dict[tuple[str, str], list[Block]] = {}
        for block in self.blocks:
            found.setdefault((block.block, block.label), []).append(block)
        return found

    @cached_property
    def _users(self) -> dict[tuple[str, str], set[str]]:
        found: dict[tuple[str, str], set[str]] = {}
        for block in self.blocks:
            if block.block in ("resource", "module"):
                for address in _IDS.findall(str(block.body)):
                    found.setdefault((block.path, address), set()).add(block.type)
        return found


_IDS = re.compile(r"\b([a-z][a-z0-9]*_\w+\.[\w-]+)\.id\b")
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
