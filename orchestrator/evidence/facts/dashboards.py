"""Dashboards, whichever system they are for."""

from __future__ import annotations

from typing import ClassVar

from ...domain.fact import Fact, Source
from ...domain.model import Model
from .infrastructure import Infrastructure


class Dashboard(Model):
    """One dashboard as code."""

    title: str
    path: str
    line: int = 1
    system: str
    """grafana, kibana, datadog, cloudwatch, gcp, azure, newrelic."""
    panels: int = 0
    expressions: tuple[str, ...] = ()
    """The first sixty queries, at most 500 characters each."""
    panel_titles: tuple[str, ...] = ()
    stores: tuple[str, ...] = ()
    """Kinds of data source that panels ask (prometheus, loki, elasticsearch, tempo …), sorted."""
    refresh: str = ""
    """How often it updates by itself, as written; empty where it does not say."""

    @property
    def source(self) -> Source:
        return Source(path=self.path, line=self.line)


class Dashboards(Fact):
    """Every dashboard as code, with the panels that show something."""

    name: ClassVar[str] = "dashboards"
    whole: ClassVar[bool] = False

    files: tuple[Dashboard, ...] = ()

    def made(self, infrastructure: Infrastructure) -> list[Dashboard]:
        """The dashboards, without those that Terraform declares and nothing makes."""
        declared = {(block.path, block.label) for block in infrastructure.some}
        return [d for d in self.files if not d.path.endswith(".tf") or (d.path, d.title) in declared]
