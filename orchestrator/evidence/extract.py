"""Lists the readers there are, and turns a tree into facts."""

from __future__ import annotations

from collections.abc import Iterable

from ..domain.fact import Fact
from ..domain.signal import Signal
from .facts.budgets import BudgetsReader
from .facts.code import CodeReader
from .facts.containers import ComposeReader, DockerfilesReader
from .facts.dashboards import DashboardsReader
from .facts.documents import DocumentsReader
from .facts.files import Files
from .facts.infrastructure import InfrastructureReader
from .facts.kubernetes import KubernetesReader
from .facts.loadtests import LoadTestsReader
from .facts.manifests import ManifestsReader
from .facts.markup import MarkupReader
from .facts.migrations import MigrationsReader
from .facts.monitoring import AlertsReader
from .facts.pipelines import PipelinesReader
from .facts.requirements import RequirementsReader
from .facts.routes import RoutesReader
from .facts.schema import SchemaReader
from .facts.secrets import SecretsReader
from .facts.testsuites import TestSuitesReader
from .facts.wanted import WantedReader
from .reader import Progress, Reader, read_tree
from .tree import Tree


def readers(signals: Iterable[Signal], paths: Iterable[str] = ()) -> list[Reader]:
    """One fresh reader of every kind; they keep state, so a pass needs new ones."""
    return [
        CodeReader(signals),
        KubernetesReader(),
        DockerfilesReader(),
        ComposeReader(),
        PipelinesReader(),
        InfrastructureReader(),
        AlertsReader(),
        DashboardsReader(),
        MarkupReader(),
        LoadTestsReader(),
        BudgetsReader(),
        DocumentsReader(),
        MigrationsReader(),
        SchemaReader(),
        ManifestsReader(),
        TestSuitesReader(),
        SecretsReader(),
        RoutesReader(),
        RequirementsReader(),
        WantedReader(paths),
    ]


def kinds() -> tuple[type[Fact], ...]:
    """The types of every fact that the pass extracts, in a fixed order."""
    return (Files, *(reader.fact for reader in readers(())))


def extract(
    tree: Tree, signals: Iterable[Signal], paths: Iterable[str] = (), progress: Progress | None = None
) -> dict[type[Fact], Fact]:
    """Every fact of *tree* but those of its history; *progress* hears of (files read, files to read)."""
    return read_tree(tree, readers(signals, paths), progress)
