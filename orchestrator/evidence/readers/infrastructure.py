"""Reads Terraform, CloudFormation and Azure's languages into one fact."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import Any

from ...domain.fact import MAX_PROBLEMS, Aside, Fact, Problem
from ...domain.located import pointer
from ...errors import FormatError
from ...formats import bicep, hcl
from ...formats.yaml import Parsed
from ..asides import Asides
from ..declaring import programs
from ..facts.files import Files
from ..facts.infrastructure import ANYTHING, PROGRAM, Block, Infrastructure
from ..inforce import serverless
from ..inforce.cloudformation import Template
from ..inforce.extremes import tuned
from ..inforce.force import all_of
from ..inforce.sam import FUNCTION, Gateways
from ..inforce.switches import switched
from ..inforce.terraform.bodies import Room
from ..reader import Reader
from ..tree import FileEntry, SourceFile
from ._azure import Azure
from ._azure_templates import is_parameters, is_template, read
from ._parts import json_blocks, lines_below, refuse_depth
from ._terraform import Terraform, marked

_ROLES = frozenset({"infra", "config", "ci", "source", "other"})
_TERRAFORM = (".tf", ".tofu")
_JSON = (".tf.json", ".tofu.json")
_VALUES = (".tfvars", ".tfvars.json")
_TEMPLATES = (".yaml", ".yml", ".json", ".template")
_BICEP, _BICEP_VALUES = ".bicep", ".bicepparam"
_AZURE = re.compile(rb"[dD]eployment(?:Template|Parameters)\.json")
_MAX_TEMPLATE_BYTES = 1_500_000
_SERVICE = re.compile(r"serverless(?:[._-][\w-]{1,40})?\.ya?ml")
_PIECE = re.compile(rb"\A(?:\s|#[^\n]*\n|---)*(?:Type|Properties|DependsOn|DeletionPolicy|Condition):")
_MAX_PIECE, _MAX_PIECES = 50_000, 500
_POLICIES = ("DeletionPolicy", "UpdateReplacePolicy")
_LABELS = {"resource": 2, "data": 2, "locals": 0, "terraform": 0}
"""How many labels a block has; one where nothing is said."""


class InfrastructureReader(Reader):
    """Reads Terraform with its variables, and CloudFormation templates by what stands in them."""

    fact = Infrastructure

    def __init__(self) -> None:
        self._blocks: list[Block] = []
        self._terraform = Terraform()
        self._problems: list[Problem] = []
        self._asides = Asides()
        self._room = Room()
        self._azure = Azure()
        self._templates: set[str] = set()
        self._taken: list[tuple[str, int, str, str]] = []
        self._pieces: dict[str, Parsed] = {}
        self._files = 0

    def wants(self, file: FileEntry) -> bool:
        if file.role not in _ROLES:
            return False
        path = file.path.lower()
        if path.endswith((*_TERRAFORM, *_JSON, *_VALUES)) or file.name == "terragrunt.hcl":
            return True
        if path.endswith((_BICEP, _BICEP_VALUES)):
            return True
        return path.endswith(_TEMPLATES)

    def read(self, source: SourceFile) -> None:
        path = source.path.lower()
        if path.endswith(_TERRAFORM):
            self._blocks_of(source)
        elif path.endswith(_JSON):
            self._blocks_of_json(source)
        elif path.endswith(_VALUES) or source.file.name == "terragrunt.hcl":
            self._values(source)
        elif path.endswith(_BICEP):
            self._azure.add(source.path, bicep.load(source.data))
            self._files += 1
        elif path.endswith(_BICEP_VALUES):
            self._azure.settle(source.path, bicep.load(source.data))
        elif path.endswith(".json") and _AZURE.search(source.data):
            if len(source.data) > _MAX_TEMPLATE_BYTES:
                raise FormatError(f"more than the {_MAX_TEMPLATE_BYTES:,} bytes that are read of a template")
            self._azure_of(source)
        elif _SERVICE.fullmatch(source.file.name):
            self._service(source)
        elif b"AWS::" in source.data and b"Resources" in source.data:
            if len(source.data) > _MAX_TEMPLATE_BYTES:
                raise FormatError(f"more than the {_MAX_TEMPLATE_BYTES:,} bytes that are read of a template")
            self._template(source)
        elif _PIECE.search(source.data) and len(source.data) <= _MAX_PIECE and len(self._pieces) < _MAX_PIECES:
            self._piece(source)

    def finish(self, files: Files) -> Fact:
        locks = [file.path for file in files.named(".terraform.lock.hcl")]
        blocks, aside = self._terraform.finish(locks)
        azure = self._azure.finish()
        for path, line, target, name in self._taken:
            piece = self._pieces.get(target)
            if name and piece is not None:
                lines = {f"/Resources/{name}{at}": found for at, found in piece.lines.items()}
                body = {"Resources": {name: piece.body}}
                self._resources(target, Parsed(body, piece.line, {**lines, f"/Resources/{name}": piece.line}))
            elif name or target not in self._templates:
                reason = f"takes its resources from {target[:200]}, which is nothing that is read as such"
                self._asides.add(Aside(path=path, line=line, reason=reason, about=(ANYTHING,), void=False))
        for file, reason in programs(files):
            self._asides.add(Aside(path=file.path, reason=reason, about=(PROGRAM,), void=False))
        return Infrastructure(
            blocks=(*blocks, *self._blocks, *azure),
            files=self._files,
            problems=(*self._problems, *self._azure.problems[:MAX_PROBLEMS]),
            aside=(*aside, *self._asides.kept, *self._azure.asides.kept),
        )

    def _blocks_of(self, source: SourceFile) -> None:
        parsed = hcl.load(source.data)
        self._files += 1
        for block in parsed.blocks:
            self._terraform.add(source.path, block)
        for mistake in parsed.mistakes:
            self._terraform.lose(mistake.kinds)
            if len(self._problems) < MAX_PROBLEMS:
                line, reason = mistake.error.line, mistake.error.reason
                self._problems.append(Problem(path=source.path, line=line, reason=reason, about=mistake.kinds))

    def _blocks_of_json(self, source: SourceFile) -> None:
        document = source.json()
        if not isinstance(document.body, dict):
            raise FormatError("no mapping at the top", document.line)
        refuse_depth(document.body)
        self._files += 1
        grouped: dict[int, dict[str, dict[str, int]]] = {}
        for kind, content in marked(document.body).items():
            for labels, keys, body in json_blocks(content, _LABELS.get(kind, 1)):
                depth = len(keys) + 1
                if depth not in grouped:
                    grouped[depth] = lines_below(document, depth)
                lines = dict(grouped[depth].get(pointer((kind, *keys)), {}))
                self._terraform.add(source.path, hcl.HclBlock(kind, labels, lines.pop("", 1), body, lines))

    def _values(self, source: SourceFile) -> None:
        """Files that give variables their values: those that Terraform loads by itself, and those it is told of."""
        if source.file.name == "terragrunt.hcl":
            self._terraform.terragrunt(source.path, hcl.load(source.data))
        elif source.path.endswith(".json"):
            body = source.json().body
            refuse_depth(body)
            self._terraform.load(source.path, body if isinstance(body, dict) else {})
        else:
            self._terraform.load(source.path, hcl.load(source.data).attributes)

    def _azure_of(self, source: SourceFile) -> None:
        """A template of Azure, or the parameters of one."""
        document = source.json()
        refuse_depth(document.body)
        if is_template(document.body):
            self._azure.add(source.path, read(document))
            self._files += 1
        elif is_parameters(document.body) and isinstance(document.body.get("parameters"), dict):
            self._azure.give(source.path, document.body["parameters"])

    def _service(self, source: SourceFile) -> None:
        """A service of the Serverless Framework, which becomes a template."""
        if len(source.data) > _MAX_TEMPLATE_BYTES:
            raise FormatError(f"more than the {_MAX_TEMPLATE_BYTES:,} bytes that are read of a template")
        document = _first(source)
        if document is None or not serverless.is_service(document.body):
            return
        refuse_depth(document.body)
        found = serverless.translated(document, self._room)
        for doubt in found.doubts:
            self._asides.add(
                Aside(
                    path=source.path,
                    line=doubt.line,
                    reason=doubt.force.reason,
                    what=doubt.what[:200],
                    about=doubt.about or (ANYTHING,),
                    void=doubt.force.is_void,
                )
            )
        for taken in found.taken:
            self._taken.append((source.path, taken.line, _beside(source.path, taken.path), taken.name))
        self._resources(source.path, found.document)
        if not (found.doubts or found.document.body.get("Resources")):
            reason = "declares nothing of its own"
            self._asides.add(Aside(path=source.path, line=document.line, reason=reason, about=("service",)))

    def _piece(self, source: SourceFile) -> None:
        """A resource of CloudFormation by itself, which a service may take in under a name."""
        try:
            document = _first(source)
        except FormatError:
            return  # whoever takes it in is in doubt
        if document is not None and isinstance(document.body, dict) and isinstance(document.body.get("Type"), str):
            refuse_depth(document.body)
            self._pieces[source.path] = document

    def _template(self, source: SourceFile) -> None:
        document = source.json() if source.path.lower().endswith(".json") else _first(source)
        resources = document.body.get("Resources") if document and isinstance(document.body, dict) else None
        if document is None or not isinstance(resources, dict):
            return
        refuse_depth(document.body)
        self._templates.add(source.path)
        self._resources(source.path, document)

    def _resources(self, path: str, document: Parsed) -> None:
        """The resources of a template that are in force; the others are set aside."""
        resources = document.body.get("Resources", {})
        lines = lines_below(document, 2)
        template = Template(document.body, self._room)
        gateways = template.gateways(resources)
        found = 0
        for name, resource in resources.items():
            here = lines.get(pointer(("Resources", name)), {})
            line = here.get("", document.line)
            kind = resource.get("Type") if isinstance(resource, dict) else None
            if str(name).startswith("Fn::"):
                reason = f"{str(name)[:80]} makes resources that are not written out"
                self._asides.add(Aside(path=path, line=line, reason=reason, void=False))
            if not isinstance(kind, str) or not kind.startswith(("AWS::", "Custom::")):
                continue
            found += 1
            block = self._made(path, name, kind, resource, template, line, here)
            force = all_of((template.made(resource), switched(kind, block.body), tuned(kind, block.body)))
            if not force:
                aside = Aside(
                    path=path,
                    line=line,
                    reason=force.reason,
                    what=block.address,
                    about=(kind,),
                    void=force.is_void,
                )
                self._asides.add(aside)
                continue
            if any(key in ("Fn::Transform", "!Transform") for key in block.body):
                reason = "has properties that a macro includes"
                self._asides.add(
                    Aside(path=path, line=line, reason=reason, what=block.address, about=(kind,), void=False)
                )
            self._blocks.append(block)
            if kind == FUNCTION:
                self._blocks.extend(_brought(block, gateways))
        self._files += found > 0

    def _made(
        self,
        path: str,
        name: str,
        kind: str,
        resource: dict[str, Any],
        template: Template,
        line: int,
        lines: dict[str, int],
    ) -> Block:
        """The block of one resource: its properties, and its policies beside them."""
        properties = resource.get("Properties")
        body = template.properties(kind, properties if isinstance(properties, dict) else {})
        body = body | {key: resource[key] for key in _POLICIES if key in resource}
        filled = template.fill(body, _of_properties(lines))
        return Block(
            path=path, line=line, body=filled.body, lines=filled.lines, tool="cloudformation", type=kind, label=name
        )


def _first(source: SourceFile) -> Parsed | None:
    return next(iter(source.yaml()), None)


def _brought(function: Block, gateways: Gateways) -> Iterator[Block]:
    """What a function of SAM brings along."""
    for one in gateways.brought_by(function.label, function.body):
        line = function.at(*one.at.strip("/").split("/")).line
        yield Block(
            path=function.path,
            line=line,
            body=one.properties,
            tool="cloudformation",
            type=one.type,
            label=one.name,
        )


def _beside(path: str, named: str) -> str:
    """The file that *named* is, seen from the one at *path*."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), named))


def _of_properties(lines: dict[str, int]) -> dict[str, int]:
    """The lines of a resource's properties and policies, by pointers into a block's body."""
    start = "/Properties"
    inner = {key[len(start) :]: line for key, line in lines.items() if key.startswith(f"{start}/")}
    return inner | {f"/{key}": lines[f"/{key}"] for key in _POLICIES if f"/{key}" in lines}
