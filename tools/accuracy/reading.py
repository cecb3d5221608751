"""Reads what is labelled, where it lies: lists of cases, and folders of releases with their faults."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import ValidationError

from orchestrator.evidence.trees import FolderTree

from .filling import filled
from .labels import Case, Fault, Files, ReleaseLabels

OWN = Path(__file__).parents[2] / "tests" / "accuracy"
LABELS = "labels.yaml"
M = TypeVar("M", Case, Fault, ReleaseLabels)


class NotLabelled(Exception):
    """A list or a folder is not of the form that labels have; says where, and what is wrong."""


@dataclass(frozen=True)
class LaidCase:
    """A case, and where its list lies."""

    name: str
    """That of the case; with a number, where others before it have the same."""
    case: Case
    file: Path

    @cached_property
    def files(self) -> Files:
        """Its tree, with a value in each hole."""
        told = {path: filled(text, f"{self.name} {path}") for path, text in self.case.files.items()}
        return {**self._beside(), **told} if self.case.path else told

    def _beside(self) -> Files:
        at = self.file.parent / self.case.path
        if at.is_file():
            return {at.name: _laid(at.read_bytes(), self.name)}
        if not at.is_dir():
            raise NotLabelled(f"{self.file}: case '{self.name}' names {self.case.path}, which is not there")
        return tree_of(at)


@dataclass(frozen=True)
class LaidFault:
    """A fault of a release."""

    name: str
    fault: Fault
    release: LaidRelease

    @cached_property
    def files(self) -> Files:
        """The tree of the release with the fault."""
        changed = {p: text if text is None else filled(text, p) for p, text in self.fault.files.items()}
        return self.fault.model_copy(update={"files": changed}).applied(self.release.files)


@dataclass(frozen=True)
class LaidRelease:
    """A complete release, and the folder that it lies in."""

    labels: ReleaseLabels
    folder: Path
    about: tuple[str, ...] = ("",)
    """How the criteria begin that are asked about."""

    @property
    def name(self) -> str:
        return self.labels.name

    @cached_property
    def files(self) -> Files:
        return tree_of(self.folder / "tree")

    @cached_property
    def faults(self) -> tuple[LaidFault, ...]:
        """Its faults, by the names of their files."""
        found = sorted((self.folder / "faults").glob("*.yaml"))
        laid = (LaidFault(f"{self.name}/{file.stem}", _made(Fault, _loaded(file), file), self) for file in found)
        return tuple(fault for fault in laid if fault.fault.criterion.startswith(self.about))

    def only(self, about: tuple[str, ...]) -> LaidRelease:
        """What is said in it of the criteria that begin so."""
        kept = {criterion: label for criterion, label in self.labels.labels.items() if criterion.startswith(about)}
        return replace(self, labels=self.labels.model_copy(update={"labels": kept}), about=about)


@dataclass(frozen=True)
class Corpus:
    """All that is labelled in a folder."""

    cases: tuple[LaidCase, ...] = ()
    releases: tuple[LaidRelease, ...] = ()

    @property
    def faults(self) -> tuple[LaidFault, ...]:
        return tuple(fault for release in self.releases for fault in release.faults)

    def only(self, about: tuple[str, ...]) -> Corpus:
        """What is labelled of the criteria that begin so."""
        cases = tuple(laid for laid in self.cases if laid.case.criterion.startswith(about))
        return Corpus(cases, tuple(release.only(about) for release in self.releases))


def read(place: Path = OWN) -> Corpus:
    """
    All that is labelled in the folder *place*, or in one list.

    A folder with labels beside a ``tree`` is a release; every other YAML file that is a list of cases is one, and the
    trees of releases and of cases are not looked into.

    Raises:
        NotLabelled: Something there has not the form of labels, or two releases have one name.
    """
    if not place.exists():
        raise NotLabelled(f"{place} is not there")
    cases: list[LaidCase] = []
    releases: list[LaidRelease] = []
    names: Counter[str] = Counter()
    for file in [place] if place.is_file() else _lists(place):
        if file.name == LABELS:
            releases.append(LaidRelease(_made(ReleaseLabels, _loaded(file), file), file.parent))
        else:
            for case in (_made(Case, body, file) for body in _cases(_loaded(file))):
                names[case.case] += 1
                number = f" ({names[case.case]})" if names[case.case] > 1 else ""
                cases.append(LaidCase(case.case + number, case, file))
    for name, many in Counter(release.name for release in releases).items():
        if many > 1:
            raise NotLabelled(f"{place}: there are {many} releases of the name '{name}'")
    return Corpus(tuple(cases), tuple(releases))


def tree_of(folder: Path) -> dict[str, str | bytes]:
    """What lies in *folder*, as a review reads it from a plain directory; text with a value in each hole."""
    tree = FolderTree(folder, None, lambda _path: True)
    wanted = [file for file in tree.entries if file.kind == "file"]
    return {file.path: _laid(data, file.path) for file, data in tree.read(wanted)}


def _laid(data: bytes, seed: str) -> str | bytes:
    try:
        return filled(data.decode(), seed)
    except UnicodeDecodeError:
        return data


def _lists(folder: Path) -> Iterator[Path]:
    """The labels of releases, and every other YAML file, of *folder* and what is in it."""
    if (folder / LABELS).is_file() and (folder / "tree").is_dir():
        yield folder / LABELS
        return
    for at in sorted(folder.iterdir()):
        if at.is_dir() and not at.is_symlink() and not at.name.startswith("."):
            yield from _lists(at)
        elif at.suffix in (".yaml", ".yml") and at.is_file():
            yield at


def _cases(body: Any) -> list[Any]:
    """
    The cases of a file, which are all of it, or stand below what is said of all of them.

    None where it is no list of cases: a tree beside its list may hold any YAML.
    """
    of_all: dict[str, Any] = {}
    if isinstance(body, dict) and isinstance(body.get("cases"), list):
        of_all = {name: body[name] for name in ("labelled", "source") if name in body}
        body = body["cases"]
    listed = isinstance(body, list) and all(isinstance(case, dict) and "case" in case for case in body)
    return [{**of_all, **case} for case in body] if listed else []


class _Words(yaml.CSafeLoader):
    """YAML in which ``on``, ``no`` and a date are the words that stand there; only nothing is nothing."""

    yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in known if tag == "tag:yaml.org,2002:null"]
        for first, known in yaml.CSafeLoader.yaml_implicit_resolvers.items()
    }


def _loaded(file: Path) -> Any:
    try:
        return yaml.load(file.read_text(encoding="utf-8"), _Words)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise NotLabelled(f"{file}: {error}") from None


def _made(shape: type[M], body: Mapping[str, Any], file: Path) -> M:
    try:
        return shape.model_validate(body)
    except ValidationError as error:
        name = f" case '{body['case']}'" if isinstance(body, dict) and "case" in body else ""
        first = error.errors()[0]
        raise NotLabelled(f"{file}:{name} {'.'.join(map(str, first['loc']))}: {first['msg']}") from None
