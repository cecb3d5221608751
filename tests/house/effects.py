"""Reads code for effects: whatever reaches out of what a function was given, told by its syntax."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from typing import NamedTuple


def words(text: str) -> frozenset[str]:
    """*text* word by word."""
    return frozenset(text.split())


MODULES: dict[str, frozenset[str] | None] = {
    **dict.fromkeys(
        words(
            """
            __future__ abc array ast base64 binascii bisect cmath collections contextlib copy dataclasses decimal
            difflib enum fnmatch fractions functools graphlib heapq hmac html ipaddress itertools keyword math numbers
            operator re shlex statistics string struct textwrap types typing unicodedata urllib.parse zlib
            markupsafe promql_parser tree_sitter tree_sitter_bash tree_sitter_hcl yaml
            rich.box rich.panel rich.table rich.text
            """
        )
    ),
    "ahocorasick_rs": frozenset({"BytesAhoCorasick", "Implementation", "MatchKind"}),
    "asyncio": frozenset({"CancelledError", "gather"}),
    "codecs": frozenset({"BOM_UTF8", "BOM_UTF16_BE", "BOM_UTF16_LE", "BOM_UTF32_BE", "BOM_UTF32_LE"}),
    "contextvars": frozenset({"ContextVar"}),
    "configparser": frozenset({"Error", "RawConfigParser"}),
    "datetime": frozenset({"UTC", "date", "datetime", "timedelta", "timezone"}),
    "hashlib": frozenset({"blake2b", "blake2s", "md5", "new", "sha1", "sha256", "sha512"}),
    "inspect": frozenset({"cleandoc", "getdoc"}),
    "jinja2": frozenset({"DictLoader", "Environment", "FunctionLoader", "StrictUndefined"}),
    "json": frozenset({"JSONDecodeError", "JSONDecoder", "JSONEncoder", "dumps", "loads"}),
    "networkx": words(
        "DiGraph NetworkXNoCycle descendants find_cycle is_directed_acyclic_graph lexicographical_topological_sort"
    ),
    "pathlib": frozenset({"PurePath", "PurePosixPath", "PureWindowsPath"}),
    "packageurl": frozenset({"PackageURL"}),
    "pathspec": frozenset({"PathSpec", "Pattern"}),
    "posixpath": frozenset({"basename", "commonpath", "dirname", "isabs", "join", "normpath", "split", "splitext"}),
    "pydantic": words(
        """
        AfterValidator AliasChoices BaseModel BeforeValidator ConfigDict Discriminator Field GetCoreSchemaHandler
        GetJsonSchemaHandler JsonValue PrivateAttr RootModel StrictBool StringConstraints Tag TypeAdapter
        ValidationError computed_field field_serializer field_validator model_serializer model_validator
        """
    ),
    "pydantic.fields": frozenset({"FieldInfo"}),
    "pydantic.json_schema": frozenset({"GenerateJsonSchema", "JsonSchemaValue", "SkipJsonSchema"}),
    "pydantic_core": frozenset({"CoreSchema", "PydanticCustomError", "core_schema"}),
    "pydantic_core.core_schema": None,
    "rich": frozenset({"box"}),
    "rich.console": frozenset({"Console", "ConsoleOptions", "RenderResult"}),
    "tomllib": frozenset({"TOMLDecodeError", "loads"}),
    "warnings": frozenset({"catch_warnings", "simplefilter"}),
    "xml.parsers.expat": None,
}
"""Modules that touch nothing, or (where names stand) the part of them that does not; every other one is an effect."""

WORLD = sys.stdlib_module_names - {name.partition(".")[0] for name in MODULES}

CLOCKS = frozenset(
    {"datetime.date.today", "datetime.datetime.now", "datetime.datetime.today", "datetime.datetime.utcnow"}
)
WRITERS = frozenset({"rich.console.Console"})
"""Handed in they are somebody's decision where to write; made on the spot they are not."""
ZONED = frozenset({"datetime.date.fromtimestamp", "datetime.datetime.fromtimestamp"})
"""In the time zone of the machine unless one is named."""

BUILTINS = words(
    """
    __builtins__ __import__ __loader__ __spec__ breakpoint compile eval exec exit globals hash help input open print
    quit
    """
)
"""``hash`` of a string differs from process to process."""

METHODS = words(
    """
    absolute chmod choice choices connect cwd environ exists expanduser fileno getenv getrandbits glob hardlink_to home
    is_dir is_file is_mount is_symlink iterdir lchmod lstat mkdir monotonic monotonic_ns now open perf_counter
    perf_counter_ns popen putenv randbytes randint random randrange read_bytes read_text readlink recv rglob rmdir
    samefile sendall shuffle sleep stat symlink_to system time time_ns to_thread today token_bytes token_hex
    token_urlsafe touch uniform unlink urandom urlopen utcnow uuid1 uuid4 write_bytes write_text
    """
)
"""Called on whatever it may be."""

REACHING = words(
    """
    __builtins__ __closure__ __code__ __getattribute__ __globals__ __import__ __loader__ __subclasses__ f_back
    f_builtins f_globals gi_frame tb_frame
    """
)
"""Ways from any object to everything that is loaded."""


class Effect(NamedTuple):
    """One place where code reaches out."""

    line: int
    what: str


def effects(source: str) -> list[Effect]:
    """Every effect of *source* in the order of its lines; what other modules of the house do is theirs."""
    tree = ast.parse(source)
    reader = _Reader(_bound(tree))
    reader.visit(tree)
    return sorted(set(reader.found))


def _bound(tree: ast.AST) -> dict[str, str]:
    """Local name to the dotted name that an import binds it to, wherever it stands."""
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                root = alias.name.partition(".")[0]
                names[alias.asname or root] = alias.name if alias.asname else root
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names.update({alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names})
    return {local: name for local, name in names.items() if name.partition(".")[0] != "orchestrator"}


def _touches(name: str) -> bool:
    """Whether *name*, from a module on, is or leads to something that touches the world."""
    module = next((prefix for prefix in _prefixes(name) if prefix in MODULES), None)
    if module is None:
        return not any(known.startswith(f"{name}.") for known in MODULES)  # on the way to a part that is fine
    members = MODULES[module]
    rest = name[len(module) + 1 :]
    if any(part in WORLD for part in rest.split(".")):
        return True  # what a module has imported itself, such as ``re.sys``
    if members is None or not rest:
        return False
    return rest.partition(".")[0] not in members or any(prefix in CLOCKS for prefix in _prefixes(name))


def _prefixes(name: str) -> Iterator[str]:
    """*name*, and what it is part of, longest first."""
    while name:
        yield name
        name = name.rpartition(".")[0]


class _Reader(ast.NodeVisitor):
    def __init__(self, names: dict[str, str]) -> None:
        self._names = names
        self._own: list[set[str]] = []
        """Names that the functions around bind themselves: ``for id in ids`` has nothing to do with the builtin."""
        self.found: list[Effect] = []

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> None:
        body = node.body if isinstance(node.body, list) else [node.body]
        bound = {
            n.id for part in body for n in ast.walk(part) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
        }
        arguments = node.args
        bound |= {a.arg for a in ast.walk(arguments) if isinstance(a, ast.arg)}
        outside = [*arguments.defaults, *arguments.kw_defaults, *getattr(node, "decorator_list", ())]
        for part in [*outside, *(a.annotation for a in ast.walk(arguments) if isinstance(a, ast.arg))]:
            if part is not None:
                self.visit(part)
        self._own.append(bound)
        for part in body:
            self.visit(part)
        self._own.pop()

    visit_AsyncFunctionDef = visit_FunctionDef
    visit_Lambda = visit_FunctionDef

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            if not alias.name.startswith("orchestrator") and _touches(alias.name):
                self._add(node, f"import {alias.name}")

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        for alias in node.names:
            if alias.name == "*":
                self._add(node, f"from {node.module} import *")
            elif not node.level and node.module != "orchestrator" and _touches(f"{node.module}.{alias.name}"):
                self._add(node, f"from {node.module} import {alias.name}")

    def visit_Name(self, node: ast.Name) -> None:
        if any(node.id in own for own in self._own):
            return
        if node.id in self._names:
            if MODULES.get(self._names[node.id]) is not None:
                self._add(node, f"{self._names[node.id]} as a whole")
        elif node.id in BUILTINS and isinstance(node.ctx, ast.Load):
            self._add(node, node.id)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        name = self._dotted(node)
        if node.attr in REACHING:
            self._add(node, f".{node.attr}")
        elif name:
            if _touches(name):
                self._add(node, name)
            return
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        called, arguments = node.func, len(node.args) + len(node.keywords)
        name = self._dotted(called)
        if name in WRITERS or (name in ZONED and arguments < 2):
            self._add(node, f"{name}()")
        elif isinstance(called, ast.Attribute) and not name:
            if called.attr in METHODS or (called.attr in ("astimezone", "timestamp") and not arguments):
                self._add(node, f".{called.attr}()")
        elif isinstance(called, ast.Name) and called.id in ("getattr", "attrgetter", "methodcaller"):
            for argument in node.args:
                if isinstance(argument, ast.Constant) and argument.value in METHODS | BUILTINS | REACHING:
                    self._add(node, f"{called.id} of {argument.value!r}")
        self.generic_visit(node)

    def _dotted(self, node: ast.expr) -> str:
        """What *node* names, where it begins with something imported; else empty."""
        if isinstance(node, ast.Name):
            return self._names.get(node.id, "")
        if isinstance(node, ast.Attribute):
            start = self._dotted(node.value)
            return f"{start}.{node.attr}" if start else ""
        return ""

    def _add(self, node: ast.stmt | ast.expr, what: str) -> None:
        self.found.append(Effect(node.lineno, what))
