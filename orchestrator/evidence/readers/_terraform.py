"""Makes of all of a tree's Terraform the blocks that are in force, and sets the others aside."""

from __future__ import annotations

import json
import posixpath
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ...domain.fact import Aside
from ...formats.hcl import HclBlock, HclFile
from ...formats.hcl_expressions import Template
from ..asides import Asides
from ..facts.infrastructure import Block
from ..inforce.extremes import tuned
from ..inforce.force import Force, all_of, any_of, unknown
from ..inforce.switches import switched
from ..inforce.terraform.bodies import Filled, Filling, Room
from ..inforce.terraform.evaluating import Budget
from ..inforce.terraform.modules import Calling, Folder, Instance, Uses
from ..inforce.terraform.overrides import Written, overridden
from ..inforce.terraform.roots import Roots
from ..inforce.terraform.settings import Settings, ValuesFile
from ..inforce.terraform.values import UNKNOWN

_MADE = frozenset({"resource", "data", "module", "ephemeral"})
_MOST = 24
"""Forms of one block that are told apart."""
_MOST_FORMS = 2_000
"""Forms, beyond the first of each block, over the whole tree."""


class Terraform:
    """Takes files in one by one; :meth:`finish` says what they make."""

    def __init__(self) -> None:
        self._written: list[Written] = []
        self._values: list[ValuesFile] = []
        self._told: list[tuple[str, Calling]] = []
        self._adrift: list[Calling] = []
        self._lost = False
        self._forms = _MOST_FORMS

    def add(self, path: str, block: HclBlock) -> None:
        self._written.append(Written(path, block))

    def lose(self, kinds: tuple[str, ...]) -> None:
        """Know that blocks of *kinds* could not be read; where it names none, blocks of any kind."""
        self._lost |= not kinds or "module" in kinds

    def load(self, path: str, values: Mapping[str, Any]) -> None:
        """Take in a file of values for variables."""
        self._values.append(ValuesFile(path, values))

    def terragrunt(self, path: str, file: HclFile) -> None:
        """Take in a file of Terragrunt, which has a module applied."""
        sources = [block.body.get("source") for block in file.blocks if block.kind == "terraform"]
        included = any(block.kind == "include" for block in file.blocks)
        inputs = file.attributes.get("inputs")
        values = inputs if isinstance(inputs, dict) else {}
        body = {**values, "source": next((str(s) for s in sources if isinstance(s, str)), "")}
        whole = not included and ("inputs" not in file.attributes or isinstance(inputs, dict))
        self._adrift.append(Calling(path, 1, posixpath.basename(posixpath.dirname(path)), body, whole))

    def finish(self, lock_files: Iterable[str]) -> tuple[list[Block], tuple[Aside, ...]]:
        """The blocks in force, in the order in which they were read, and what was set aside."""
        written = overridden(self._written)
        folders = _folders(written)
        for path in lock_files:
            if (folder := folders.get(posixpath.dirname(path))) is not None:
                folder.provides = True
        elsewhere = self._matched(folders)
        for values in self._values:
            if values.loads_itself and values.folder in folders:
                folders[values.folder].applied = True
        roots = Roots(folders, [path for path, _ in self._told], self._lost)
        budget = Budget()
        uses = Uses(folders, Settings(self._values, set(roots.paths), elsewhere), budget)
        uses.begin(roots.paths, self._told)
        unused = roots.unused(uses)
        room, asides = Room(), Asides()
        blocks: list[Block] = []
        for one in written:
            blocks.extend(self._made(one, uses, unused, room, asides))
        return blocks, asides.kept

    def _matched(self, folders: Mapping[str, Folder]) -> set[str]:
        """Find the folders that files of Terragrunt name; the variables that those set that name none."""
        elsewhere: set[str] = set()
        for call in self._adrift:
            source = str(call.body["source"])
            path = _named(source, call.path, folders)
            if path is not None:
                body = {name: value for name, value in call.body.items() if name != "source"}
                self._told.append((path, Calling(call.path, call.line, call.label, body, call.whole)))
                continue
            self._lost |= not source or "${" in source
            elsewhere.update(name for name in call.body if name != "source")
        return elsewhere

    def _made(
        self, one: Written, uses: Uses, unused: Mapping[str, Force], room: Room, asides: Asides
    ) -> Iterator[Block]:
        """The blocks that *one* is for: itself, or each of its forms; none where it is set aside."""
        block = one.block
        found = uses.of(one.folder)
        if block.kind not in _MADE:
            yield _block(one, self._alone(one, found, uses, room))
            return
        if one.doubt:
            asides.add(_aside(one, unknown(one.doubt)))
            return
        if not found:
            asides.add(_aside(one, unused[one.folder]))
            return
        numbers = [(use, uses.number(use, block.body)) for use in found]
        forces = [min(use.force, number.force, key=lambda force: force.state) for use, number in numbers]
        chosen = [(use, number) for (use, number), force in zip(numbers, forces, strict=True) if force]
        untold = next((force for force in forces if not force and not force.is_void), None)
        if untold is not None or not chosen:
            asides.add(_aside(one, any_of(forces) if untold is None else untold))
        if not chosen:
            return
        forms = [(use, names, times * use.times) for use, number in chosen for names, times in number.each(_MOST)]
        doubts: dict[str, None] = {}
        for filled, copies in self._told_apart(one, forms, uses, room):
            made = _block(one, filled, copies)
            force = all_of((switched(made.type, made.body), tuned(made.type, made.body)))
            if not force:
                asides.add(_aside(one, force))
                continue
            doubts.update(dict.fromkeys(filled.doubts))
            yield made
        for name in doubts:
            reason = f"has blocks {name} for an expression that cannot be told"
            asides.add(_aside(one, unknown(reason)))

    def _alone(self, one: Written, found: list[Instance], uses: Uses, room: Room) -> Filled:
        """A block that makes nothing, with what its expressions come to where it is used once."""
        fixed = one.block.kind in ("variable", "locals")  # what they say is known where they are named
        use = found[0] if len(found) == 1 and not fixed else None
        return self._filled(one, use, {}, uses, room)

    def _told_apart(
        self, one: Written, forms: list[tuple[Instance, dict[str, Any], int]], uses: Uses, room: Room
    ) -> list[tuple[Filled, int]]:
        """The different bodies that *one* has, and how many of each there are."""
        copies = sum(times for _, _, times in forms)
        if len(forms) == 1:
            use, names, _ = forms[0]
            return [(self._filled(one, use, names, uses, room), copies)]
        if len(forms) > _MOST or len(forms) > self._forms:
            return [(self._filled(one, None, {}, uses, room), copies)]
        groups: dict[str, list[tuple[Filled, int]]] = {}
        for use, names, times in forms:
            filled = self._filled(one, use, names, uses, room, plainly=True)
            key = json.dumps(_without(filled.body), sort_keys=True, default=str)
            groups.setdefault(key, []).append((filled, times))
        self._forms -= len(groups) - 1
        return [(group[0][0], sum(times for _, times in group)) for group in groups.values()]

    def _filled(
        self,
        one: Written,
        use: Instance | None,
        names: Mapping[str, Any],
        uses: Uses,
        room: Room,
        *,
        plainly: bool = False,
    ) -> Filled:
        def value(written: Any, given: Mapping[str, Any]) -> Any:
            return UNKNOWN if use is None else uses.value(use, written, given)

        return Filling(value, room, names, plainly=plainly).fill(one.block.body, one.block.lines)


def _without(body: dict[str, Any]) -> dict[str, Any]:
    """*body* without what asks for several of it."""
    return {key: value for key, value in body.items() if key not in ("count", "for_each")}


def _block(one: Written, filled: Filled, copies: int = 1) -> Block:
    block = one.block
    first, last = (block.labels[0], block.labels[-1]) if block.labels else ("", "")
    named = {"module": str(block.body.get("source", "")), "variable": "", "output": ""}
    return Block(
        path=one.path,
        line=block.line,
        body=filled.body,
        lines=filled.lines,
        block=block.kind,
        type=named.get(block.kind, first),
        label=last,
        copies=copies,
    )


def _aside(one: Written, force: Force) -> Aside:
    block = one.block
    kind, label = (block.labels[0], block.labels[-1]) if block.labels else ("", "")
    about = kind if block.kind == "resource" else block.kind
    what = f"{kind}.{label}" if block.kind == "resource" else f"{block.kind}.{label}"
    return Aside(
        path=one.path, line=block.line, reason=force.reason, what=what[:200], about=(about,), void=force.is_void
    )


def _folders(written: Iterable[Written]) -> dict[str, Folder]:
    """What the files of each folder declare together."""
    found: dict[str, Folder] = {}
    for one in written:
        folder = found.setdefault(one.folder, Folder(one.folder))
        block = one.block
        label = block.labels[-1] if block.labels else ""
        if block.kind == "variable":
            folder.variables[label] = {**folder.variables.get(label, {}), **block.body}
        elif block.kind == "locals":
            folder.locals.update(block.body)
        elif block.kind == "module" and not one.doubt:
            folder.calls.append(Calling(one.path, block.line, label, block.body))
            folder.made["module", label] = block.body
        elif block.kind == "resource" and block.labels and not one.doubt:
            folder.made[block.labels[0], label] = block.body
        elif block.kind == "terraform":
            folder.applied |= "backend" in block.body or "cloud" in block.body
        elif block.kind == "provider":
            folder.provides = True
    return found


def _named(source: str, path: str, folders: Mapping[str, Folder]) -> str | None:
    """The folder that a file of Terragrunt at *path* has applied: the one that *source* ends with, or its own."""
    own = posixpath.dirname(path)
    if not source:
        return own if own in folders else None
    if source.startswith(("./", "../", "/")) and "${" not in source:
        target = posixpath.normpath(posixpath.join(own, source.replace("//", "/")))
        return target if target in folders else None
    end = source.rpartition("}")[2].partition("?")[0].replace("//", "/").strip("/")
    found = [folder for folder in folders if end and f"/{folder}".endswith(f"/{end}")]
    return found[0] if len(found) == 1 and "${" in source else None


def marked(value: Any) -> Any:
    """*value*, as JSON has it, with texts that hold expressions marked as such."""
    if isinstance(value, dict):
        return {(Template(k) if "${" in k else k): marked(inner) for k, inner in value.items()}
    if isinstance(value, list):
        return [marked(inner) for inner in value]
    return Template(value) if isinstance(value, str) and "${" in value else value
