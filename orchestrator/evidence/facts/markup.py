"""Pages, templates and components: what a browser and an assistive technology meet."""

from __future__ import annotations

from typing import ClassVar

from ...domain.fact import Fact, Source
from ...domain.model import Model


class Stumble(Model):
    """One kind of obstacle on a page: how often, and the line of the first."""

    kind: str
    """
    image without alt, field without label, frame without title, page without lang, page without title,
    zoom switched off, click on something that is not a control, inline event handler, console output left in.
    """
    count: int
    line: int


class Page(Model):
    """One page, template or component, in counts."""

    path: str
    kind: str
    """page (it has ``<html>``), template or component."""
    images: int = 0
    frames: int = 0
    lazy: int = 0
    """How many of its images and frames ask to be loaded lazily."""
    lazy_line: int = 0
    eager_line: int = 0
    """The line of the first image or frame that is not lazy."""
    fields: int = 0
    scripts: int = 0
    """Scripts of its own site that it names."""
    raw_scripts: int = 0
    """Those among them whose name shows neither minification nor a content hash."""
    raw_line: int = 0
    sheets: int = 0
    """Style sheets that keep the page from being painted."""
    inline_style: int = 0
    """Characters within its ``<style>`` blocks."""
    stumbles: tuple[Stumble, ...] = ()

    def at(self, line: int = 0) -> Source:
        return Source(path=self.path, line=line)


class Markup(Fact):
    """Every page, template and component of production source; 2,000 of those with something to tell in detail."""

    name: ClassVar[str] = "markup"

    files: int = 0
    """How many files with markup were read."""
    components: int = 0
    """How many of them are components of a front-end framework."""
    pages: tuple[Page, ...] = ()
