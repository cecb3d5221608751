"""Complete releases with labels are whole: labels name criteria, faults break what is shown, trees are small."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from orchestrator.catalogue.loader import catalogue

ROOM = Path(__file__).parent / "fixtures"
RELEASES = sorted(path for path in ROOM.iterdir() if path.is_dir())
FAULTS = [file for release in RELEASES for file in sorted((release / "faults").glob("*.yaml"))]
FORMS = {"shown", "broken", "partial", "na"}
CRITERIA = set(catalogue().criteria)
LARGEST = 300_000
FILES = range(20, 120)
SEEDED = range(4, 8)
KINDS = range(3, 7)


def labels(release: Path) -> Any:
    return yaml.safe_load((release / "labels.yaml").read_text())


def tree(release: Path) -> dict[str, bytes]:
    root = release / "tree"
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


@pytest.mark.parametrize("release", RELEASES, ids=lambda path: path.name)
class TestRelease:
    def test_is_labelled(self, release):
        """Every label is of the four forms, of a criterion there is, and has its reason."""
        said = labels(release)

        assert release.name == said["name"]
        assert said["stack"]
        assert len(said["seeded"]) in SEEDED
        assert set(said["labels"]) <= CRITERIA
        assert {label["label"] for label in said["labels"].values()} == FORMS
        assert all(label["why"] for label in said["labels"].values())

    def test_has_no_label_twice(self, release):
        """YAML keeps the last of two labels in silence."""
        named = re.findall(r"^  ([A-Z]{3}-[\d.]+):", (release / "labels.yaml").read_text(), re.MULTILINE)

        assert len(named) == len(set(named)) == len(labels(release)["labels"])

    def test_breaks_what_its_seeds_name(self, release):
        """Of the criteria that a seeded fault names, the first is labelled broken."""
        said = labels(release)
        first = [re.match(r"[A-Z]{3}-[\d.]+\d", seed) for seed in said["seeded"]]

        assert ["broken"] * len(first) == [said["labels"][found[0]]["label"] for found in first if found]

    def test_is_a_whole_repository(self, release):
        """A tree has the files of a product, and no more of them than can be read."""
        files = tree(release)

        assert len(files) in FILES
        assert sum(map(len, files.values())) <= LARGEST
        assert (release / "faults").is_dir()
        assert len(list((release / "faults").glob("*.yaml"))) in KINDS


@pytest.mark.parametrize("file", FAULTS, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_a_fault_breaks_what_is_shown(file):
    """A fault changes one or two files of the tree, and what it breaks was shown before."""
    fault = yaml.safe_load(file.read_text())
    release = file.parents[1]
    files = tree(release)

    assert set(fault) == {"criterion", "what", "files"}
    assert labels(release)["labels"][fault["criterion"]]["label"] == "shown"
    assert len(fault["files"]) in (1, 2)
    for path, text in fault["files"].items():
        assert path in files or text
        assert files.get(path) != (text and text.encode())
