"""Lists which readers there are, and turns a tree into facts."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from ..domain.fact import Fact
from ..domain.signal import Signal
from .facts.files import Files
from .reader import Progress, Reader, read_tree
from .readers._mentioned import Pool
from .readers.budgets import BudgetsReader
from .readers.code import CodeReader
from .readers.containers import ComposeReader, DockerfilesReader
from .readers.dashboards import DashboardsReader
from .readers.documents import DocumentsReader
from .readers.ignores import IgnoresReader
from .readers.infrastructure import InfrastructureReader
from .readers.kubernetes import KubernetesReader
from .readers.loadtests import LoadTestsReader
from .readers.manifests import ManifestsReader
from .readers.markup import MarkupReader
from .readers.migrations import MigrationsReader
from .readers.monitoring import AlertsReader
from .readers.pipelines import PipelinesReader
from .readers.requirements import RequirementsReader
from .readers.routes import RoutesReader
from .readers.schema import SchemaReader
from .readers.secrets import SecretsReader
from .readers.setaside import SetAsideReader
from .readers.sinks import SinksReader
from .readers.testsuites import TestSuitesReader
from .readers.wanted import WantedReader
from .settled import settled
from .tree import Tree


def readers(signals: Iterable[Signal], paths: Iterable[str] = ()) -> list[Reader]:
    """One fresh reader of every kind; they keep state, so a pass needs new ones."""
    return [*_plain(signals, paths), SetAsideReader(partial(_plain, signals))]


def _plain(signals: Iterable[Signal], paths: Iterable[str] = ()) -> list[Reader]:
    """The readers of what is not set aside."""
    names = Pool()
    return [
        CodeReader(signals, names),
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
        RoutesReader(names),
        SinksReader(names),
        RequirementsReader(),
        IgnoresReader(),
        WantedReader(paths),
    ]


def kinds() -> tuple[type[Fact], ...]:
    """The types of every fact that the pass extracts, in a fixed order."""
    return (Files, *(reader.fact for reader in readers(())))


def extract(
    tree: Tree, signals: Iterable[Signal], paths: Iterable[str] = (), progress: Progress | None = None
) -> dict[type[Fact], Fact]:
    """Every fact of *tree* but those of its history; *progress* hears of (files read, files to read)."""
    asked = tuple(signals)
    return settled(read_tree(tree, readers(asked, paths), progress), asked)
