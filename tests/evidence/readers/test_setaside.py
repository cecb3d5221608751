"""What is set aside is read as a tree of its own, within bounds, and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from orchestrator import Kubernetes, Source
from orchestrator.contract.testing import facts_of
from orchestrator.domain.fact import Fact
from orchestrator.evidence.extract import kinds
from orchestrator.evidence.facts.setaside import SetAside
from orchestrator.evidence.readers import setaside

DEPLOYMENT = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\n"


def read(files: Mapping[str, str]) -> SetAside:
    fact = facts_of(files)[SetAside]
    assert isinstance(fact, SetAside)
    return fact


@pytest.mark.parametrize(
    ("path", "inside"),
    [
        ("attic/k8s/web.yaml", "k8s/web.yaml"),
        ("examples/shop/web.yaml", "shop/web.yaml"),
        ("shop/samples/web.yaml", "web.yaml"),
        ("testdata/web.yaml", "web.yaml"),
        ("docs/web.yaml", "web.yaml"),
        ("examples/demo/web.yaml", ""),
        ("k8s/web.yaml", ""),
        ("k8s/web.yaml.bak", ""),
        ("attic/web.md", ""),
        ("vendor/web.yaml", ""),
        ("tests/web.yaml", ""),
    ],
)
def test_paths(path: str, inside: str) -> None:
    """
    A file is read without the folder that sets it aside; one of a folder that would set it aside again is not.
    """
    assert ({inside: path} if inside else {}) == read({path: DEPLOYMENT}).paths


def test_facts() -> None:
    """
    The facts are those that the files would have given, and come through a record.
    """
    fact = SetAside.model_validate_json(read({"attic/k8s/web.yaml": DEPLOYMENT}).model_dump_json())
    kubernetes = fact.facts[Kubernetes]

    assert isinstance(kubernetes, Kubernetes)
    assert ["web"] == [resource.resource for resource in kubernetes.of("Deployment")]
    assert {*kinds()} - {SetAside} == {*fact.facts}


def test_place() -> None:
    """
    A place in it is a place of the tree; one of another tree is none.
    """
    fact = read({"attic/k8s/web.yaml": DEPLOYMENT})

    assert Source(path="attic/k8s/web.yaml", line=3) == fact.lies_at(Source(path="k8s/web.yaml", line=3))
    assert fact.lies_at(Source(path="k8s/api.yaml", line=3)) is None


def test_files_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Of many files the first are read, and the others are counted.
    """
    monkeypatch.setattr(setaside, "MAX_FILES", 2)
    fact = read({f"attic/{name}.yaml": DEPLOYMENT for name in "abc"})

    assert (["a.yaml", "b.yaml"], 1) == (sorted(fact.paths), fact.left_out)


def test_bytes_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    What has no room is left out, and smaller ones behind it are still read.
    """
    monkeypatch.setattr(setaside, "MAX_BYTES", 100)
    fact = read({"attic/a.yaml": DEPLOYMENT, "attic/b.yaml": "x" * 101, "attic/c.yaml": "a: 1\n"})

    assert (["a.yaml", "c.yaml"], 1) == (sorted(fact.paths), fact.left_out)


def test_two_of_one_path() -> None:
    """
    Of two files that would lie at one path the first is read.
    """
    fact = read({"attic/a.yaml": DEPLOYMENT, "examples/a.yaml": DEPLOYMENT})

    assert ({"a.yaml": "attic/a.yaml"}, 1) == (fact.paths, fact.left_out)


def test_unknown_facts() -> None:
    """
    A fact that this version does not know, or not in this form, is left out.
    """
    fact = SetAside(paths={"a": "b"}, read={"kubernetes": {"resources": 7}, "no-such-fact": {}})

    assert {} == fact.facts
    assert "kubernetes" in Fact.known
