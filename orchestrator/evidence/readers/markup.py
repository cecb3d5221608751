"""Reads pages, templates and components for what a browser and an assistive technology meet."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...domain.fact import Fact
from ...errors import FormatError
from ...formats.tags import Tag, scan
from ...host.late import late
from ..facts.files import Files
from ..facts.markup import Markup, Page, Stumble
from ..reader import Reader
from ..tree import FileEntry, SourceFile

MAX_PAGES = 2_000
MAX_BYTES = 500_000
_TEMPLATES = (
    ".html", ".htm", ".jinja", ".jinja2", ".j2", ".hbs", ".handlebars", ".mustache", ".ejs", ".erb", ".cshtml",
    ".razor", ".twig", ".liquid", ".njk", ".heex", ".eex", ".leex", ".gohtml", ".ftl", ".jsp", ".php",
)  # fmt: skip
_COMPONENTS = (".jsx", ".tsx", ".vue", ".svelte", ".astro", ".js", ".mjs")


class MarkupReader(Reader):
    """Counts what stands in tags; what a template expression may still add to a tag is not held against it."""

    fact = Markup

    def __init__(self) -> None:
        self._pages: list[Page] = []
        self._files = 0
        self._components = 0

    def wants(self, file: FileEntry) -> bool:
        if file.role not in ("source", "other"):
            return False
        return file.path.lower().endswith(_TEMPLATES + _COMPONENTS) and not _UNSERVED.search(file.path)

    def read(self, source: SourceFile) -> None:
        path, data = source.path.lower(), source.data
        if b"<" not in data or (path.endswith((".js", ".mjs")) and (b"/>" not in data or not _USES_JSX.search(data))):
            return
        if len(data) > MAX_BYTES:
            raise FormatError(f"{len(data):,} bytes are more than the {MAX_BYTES:,} that are read of a page")
        component = path.endswith(_COMPONENTS)
        self._files += 1
        self._components += component
        page = _Count(source.path, source.text, component).page()
        if page is None:
            return
        if len(self._pages) >= MAX_PAGES:
            raise FormatError(f"more than {MAX_PAGES:,} pages; this one is not kept")
        self._pages.append(page)

    def finish(self, files: Files) -> Fact:
        return Markup(files=self._files, components=self._components, pages=tuple(self._pages))


_USES_JSX = late(rb"from\s{0,3}['\"](?:react|preact|solid-js|inferno)['\"/]|require\(['\"](?:react|preact)['\"]\)")
_UNSERVED = late(
    r"(^|/)(e?-?mail(s|er|ers|ing|s?[_-]?templates|[_-]?service)?|[\w-]*_mailer|newsletters?|mjml|pdf|coverage|storybook-static|\.storybook)/",
    re.IGNORECASE,
)
_HANDLER = re.compile(r"""<[a-z][\w-]{0,30}\s[^<>]{0,1000}?\bon[a-z]{4,20}\s?=\s?["'](?!\s?["'])""", re.IGNORECASE)
_CONSOLE = re.compile(r"^[ \t]{0,60}(?:console\.(?:log|debug|table)\(|debugger;)", re.MULTILINE)
_INCLUDES = late(
    r"\{%-?\s*(?:include|block|seo|render|partial|load|head)|\{\{[-~#]?\s*(?:>|template|partial|block|content|yield)|<%|<\?|<\.|"
    r"@(?:include|yield|section|Html|Render|await|inject)|th:(?:replace|insert)|<(?:slot|jsp:)|#include|\{\{\{"
)
_PACKED = late(r"[.-](?:min|prod|bundle|[0-9a-f]{8,})\.m?js|chunk|vendor|/dist/|/build/|webpack|\{|<%|@vite|/@|/src/")
_EXPRESSION = late(r"[{.$(<]")
_NO_LABEL_NEEDED = frozenset({"hidden", "submit", "button", "reset", "image"})
_NAMED = ("aria-label", "aria-labelledby", "title", "[title]", "[attr.aria-label]", "v-bind", "label", "aria-hidden")
_ALT = ("alt", "[alt]", "[attr.alt]", "ng-attr-alt", "v-bind", "aria-hidden", "role", "aria-label", "aria-labelledby")
_CLICK = ("onclick", "@click", "(click)", "on:click", "ng-click", "v-on:click")
_REACHABLE = ("role", "tabindex", "onkeydown", "onkeyup", "onkeypress", "aria-hidden")
_KEYS = ("@key", "(key", "v-on:key", "on:key")


class _Count:
    """One file's tags, counted in one go."""

    def __init__(self, path: str, text: str, component: bool) -> None:
        self._path, self._text, self._component = path, text, component
        self._found: dict[str, list[int]] = {}
        self._numbers: dict[str, int] = {}
        self._html: Tag | None = None
        self._seen: set[str] = set()
        self._labels: set[str] = set()
        self._labels_open = 0
        self._templates: list[bool] = []
        """Of those that are open, whether nothing on them says that they are filled in; scripts may show any."""
        self._label_before = False
        """A label of a component library has just closed; such a library ties it to the next field itself."""
        self._unlabelled: list[Tag] = []

    def page(self) -> Page | None:
        for tag in scan(self._text, markup=not self._component):
            self._take(tag)
        self._close()
        stumbles = tuple(Stumble(kind=k, count=len(v), line=v[0]) for k, v in sorted(self._found.items()))
        if not stumbles and not self._numbers and self._html is None:
            return None
        kind = "component" if self._component else "page" if self._html else "template"
        return Page(path=self._path, kind=kind, stumbles=stumbles, **self._numbers)

    def _take(self, tag: Tag) -> None:
        name = tag.name
        if name.lower().endswith("label"):
            self._labels_open = max(0, self._labels_open + (-1 if name.startswith("/") else 1))
            self._label_before = name.startswith("/") and ("-" in name or name[1:2].isupper())
            self._labels.update(tag.value(n) for n in ("for", "htmlfor", "[for]") if tag.has(n))
        elif name.lstrip("/") == "template":
            self._template(tag)
        elif name in ("html", "head", "title"):
            self._seen.add(name)
            self._html = self._html or (tag if name == "html" else None)
        elif name in ("img", "iframe"):
            self._picture(tag)
        elif name in ("input", "select", "textarea"):
            self._field(tag)
        elif name in ("div", "span", "li", "td"):
            self._block(tag)
        elif name == "style" and not self._is_in_template:
            self._add("inline_style", tag.inside)
        elif name == "script":
            self._script(tag)
        elif name == "link" and tag.value("rel").lower() == "stylesheet" and tag.value("media") != "print":
            self._add("sheets")
        elif (
            name == "meta" and tag.value("name") == "viewport" and _FIXED.search(tag.value("content").replace(" ", ""))
        ):
            self._note("zoom switched off", tag)

    def _template(self, tag: Tag) -> None:
        if not tag.name.startswith("/"):
            told = tag.open_ended or any(_DIRECTIVE.match(name) for name in tag.attributes)
            self._templates.append(not told)
        elif self._templates:
            self._templates.pop()

    @property
    def _is_in_template(self) -> bool:
        return bool(self._templates) and not self._component

    @property
    def _is_inert(self) -> bool:
        """Whether a browser loads nothing of what stands here until a script takes it out."""
        return self._is_in_template and any(self._templates)

    def _picture(self, tag: Tag) -> None:
        image = tag.name == "img"
        if self._is_inert:
            self._without_words(tag)
            return
        self._add("images" if image else "frames")
        classes = f"{tag.value('class')} {tag.value('classname')}"
        lazy = (
            tag.value("loading").lower() == "lazy" or tag.has("data-src", "v-lazy", "data-srcset") or "lazy" in classes
        )
        lazy = lazy and not self._is_in_template
        self._numbers.setdefault("lazy_line" if lazy else "eager_line", tag.line)
        if lazy:
            self._add("lazy")
        self._without_words(tag)

    def _without_words(self, tag: Tag) -> None:
        """Note of a picture that nobody who does not see it learns what it shows."""
        image = tag.name == "img"
        if image and not (tag.has(*_ALT) or tag.open_ended):
            self._note("image without alt", tag)
        elif not image and not (tag.has(*_NAMED) or tag.open_ended or _unseen(tag)):
            self._note("frame without title", tag)

    def _field(self, tag: Tag) -> None:
        if tag.value("type").lower() in _NO_LABEL_NEEDED or tag.has("hidden") or _unseen(tag):
            return
        self._add("fields")
        labelled, self._label_before = self._labels_open or self._label_before, False
        if not (tag.open_ended or labelled or tag.has(*_NAMED)):
            self._unlabelled.append(tag)

    def _block(self, tag: Tag) -> None:
        click = next((tag.attributes[name] for name in _CLICK if tag.has(name)), "")
        keyed = tag.has(*_REACHABLE) or any(name.startswith(_KEYS) for name in tag.attributes)
        if click and not (keyed or tag.open_ended or "stopPropagation" in click or "preventDefault" in click):
            self._note("click on something that is no control", tag)

    def _script(self, tag: Tag) -> None:
        source = tag.attributes.get("src", "").strip("\"'")
        if not source or source.startswith(("http:", "https:", "//")):
            return
        self._add("scripts")
        if source.partition("?")[0].endswith((".js", ".mjs")) and not _PACKED.search(source):
            self._add("raw_scripts")
            self._numbers.setdefault("raw_line", tag.line)

    def _close(self) -> None:
        dynamic = any(_EXPRESSION.search(label) for label in self._labels)
        for tag in self._unlabelled:
            name = tag.value("id") or tag.value("[id]")
            computed = "[id]" in tag.attributes or _EXPRESSION.search(tag.attributes.get("id", ""))
            if name not in self._labels and not (dynamic and computed):
                self._note("field without label", tag)
        if self._component:
            self._lines("console output left in", _CONSOLE)
            return
        self._lines("inline event handler", _HANDLER)
        if self._html is None:
            return
        replaced = self._html.open_ended or self._html.has("th:replace", "layout:decorate")
        if "head" not in self._seen or replaced:
            return
        if not self._html.has("lang", "xml:lang", "[lang]", "th:lang"):
            self._note("page without lang", self._html)
        if "title" not in self._seen and not _INCLUDES.search(self._text):
            self._note("page without title", self._html)

    def _lines(self, kind: str, pattern: re.Pattern[str]) -> None:
        line, counted = 1, 0
        for match in _at_most(200, pattern.finditer(self._text)):
            line += self._text.count("\n", counted, match.end())
            counted = match.end()
            self._found.setdefault(kind, []).append(line)

    def _note(self, kind: str, tag: Tag) -> None:
        self._found.setdefault(kind, []).append(tag.line)

    def _add(self, what: str, number: int = 1) -> None:
        self._numbers[what] = self._numbers.get(what, 0) + number


_DIRECTIVE = late(r"(?:x|v|ng|data|dom|hx|th)[-:]|[#@*\[(]|(?:shadowroot|is|if|for|each|repeat|slot)")
"""Attributes by which a library, or a browser itself, takes out of a template what stands in it."""
_FIXED = late(r"user-scalable=(?:no|0)|maximum-scale=1(?:\.0)?(?:,|$)", re.IGNORECASE)


def _unseen(tag: Tag) -> bool:
    return tag.has("hidden", "aria-hidden") or "display:none" in tag.value("style").replace(" ", "")


def _at_most(number: int, matches: Iterator[re.Match[str]]) -> Iterator[re.Match[str]]:
    for _, match in zip(range(number), matches, strict=False):
        yield match
