"""Takes words away: an alternative of a pattern, an entry of a table, an anchor; or spells one wrong."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from ._edits import Edit, Module
from ._patterns import alternatives, anchors, misspelt
from ._patterns import words as plain_words

NO_WORDS = ("orchestrator/cli/", "orchestrator/report/")
"""Folders whose words are said to people."""
_WORDY = re.compile(r"[^\s|]+(?: [^\s|]+){0,3}")
_SPLITTERS = ("split", "splitlines")


def words(module: Module) -> Iterator[Edit]:
    """Every word that could be missing."""
    if module.path.startswith(NO_WORDS):
        return
    for node in module.nodes:
        if isinstance(node, ast.Constant | ast.JoinedStr) and (pattern := _pattern(module, node)) is not None:
            for text, what, made in pattern.edited(_is_only_matched(module, node)):
                yield module.edit("word", node, text, what, pattern=made)
        elif isinstance(node, ast.Call) and (said := _split(node)) is not None:
            yield from _dropped_words(module, said)
        elif isinstance(node, ast.Tuple | ast.List | ast.Set | ast.Dict) and _is_table(module, node):
            yield from _dropped_entries(module, node)


@dataclass(frozen=True)
class _Pattern:
    """The text of a regular expression; what an f-string puts in is one character of Unicode's private area."""

    text: str
    put_in: tuple[ast.FormattedValue, ...]
    is_bytes: bool

    def edited(self, is_only_matched: bool) -> Iterator[tuple[str, str, str]]:
        """The literal with one change, what the change is, and the expression that it makes."""
        for there in alternatives(self.text):
            text = self.text[: there.cut[0]] + self.text[there.cut[1] :]
            yield self._literal(text), f"no |{self.text[there.start : there.end]}|", text
        for start, end in plain_words(self.text):
            wrong = misspelt(self.text[start:end])
            text = self.text[:start] + wrong + self.text[end:]
            yield self._literal(text), f"{self._around(start, end)} -> {wrong}", text
        for start, end in anchors(self.text):
            if (is_only_matched and self.text[:end] == "^") or self.text[:end].endswith((".*$", ".*)$")):
                continue  # says nothing there
            text = self.text[:start] + self.text[end:]
            yield self._literal(text), f"no {self.text[start:end]} in {self._around(start, end)}", text

    def _around(self, start: int, end: int) -> str:
        return self.text[max(0, start - 10) : end + 10]

    def _literal(self, text: str) -> str:
        if not self.put_in:
            return repr(text.encode("latin-1") if self.is_bytes else text)
        parts: list[ast.expr] = []
        for piece in re.split(r"([\ue000-\uf8ff])", text):
            if piece and "\ue000" <= piece <= "\uf8ff":
                parts.append(self.put_in[ord(piece) - 0xE000])
            elif piece:
                parts.append(ast.Constant(piece))
        return ast.unparse(ast.JoinedStr(parts))


def _pattern(module: Module, node: ast.Constant | ast.JoinedStr) -> _Pattern | None:
    parent = module.parents[node]
    if isinstance(parent, ast.JoinedStr | ast.FormattedValue | ast.Expr) or _is_message(module, node):
        return None
    if isinstance(node, ast.Constant):
        if not isinstance(node.value, str | bytes):
            return None
        text = node.value if isinstance(node.value, str) else node.value.decode("latin-1")
        found = _Pattern(text, (), isinstance(node.value, bytes))
    else:
        values = tuple(value for value in node.values if isinstance(value, ast.FormattedValue))
        names = iter(range(len(values)))
        pieces = [str(v.value) if isinstance(v, ast.Constant) else chr(0xE000 + next(names)) for v in node.values]
        found = _Pattern("".join(pieces), values, False)
    return found if _is_given_to_re(parent, node) or _looks_like_one(found.text) else None


def _is_only_matched(module: Module, node: ast.AST) -> bool:
    """Whether *node* is a pattern with a name that is only asked to match, so that it begins where the text begins."""
    name = module.scope(node)
    return f"{name}.match(" in module.text and not re.search(rf"\b{re.escape(name)}\.(?!match\()\w", module.text)


def _is_given_to_re(parent: ast.AST, node: ast.AST) -> bool:
    if isinstance(parent, ast.keyword):
        return parent.arg == "pattern"
    if not isinstance(parent, ast.Call) or not parent.args or parent.args[0] is not node:
        return False
    return (
        isinstance(parent.func, ast.Attribute)
        and isinstance(parent.func.value, ast.Name)
        and parent.func.value.id == "re"
    )


def _looks_like_one(text: str) -> bool:
    if " | " in text or "|\n" in text or text.startswith(("|", "\n")):
        return False
    return bool(re.search(r"\\[bswd]|\(\?|\[\^|\w\|\w", text)) and len(text) > 4


def _is_message(module: Module, node: ast.AST) -> bool:
    """Whether *node* is said to somebody: handed to a finding, or text beside a placeholder of ``%``."""
    parent = module.parents[node]
    if isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.Mod):
        return True
    if isinstance(parent, ast.Call):
        name = parent.func.id if isinstance(parent.func, ast.Name) else getattr(parent.func, "attr", "")
        return name in ("failed", "passed", "unsure", "examined", "broken", "Field", "echo", "print")
    return isinstance(parent, ast.keyword) and parent.arg in ("remedy", "description", "help", "message", "title")


def _split(node: ast.Call) -> ast.Constant | None:
    """The text of ``"some words".split()``."""
    function = node.func
    if isinstance(function, ast.Attribute) and function.attr in _SPLITTERS and not node.args:
        said = function.value
        if isinstance(said, ast.Constant) and isinstance(said.value, str | bytes):
            return said
    return None


def _dropped_words(module: Module, said: ast.Constant) -> Iterator[Edit]:
    start, end = module.span(said)
    source = module.data[start:end]
    for found in list(re.finditer(rb"(?<![\w\\\"'])[\w./@:+-]{2,}(?=[\s\"'])", source)):
        span = (start + found.start(), start + found.end())
        yield module.edit("word", said, "", f"no {found[0].decode()}", at=span)


def _is_table(module: Module, node: ast.Tuple | ast.List | ast.Set | ast.Dict) -> bool:
    """Whether *node* lists words: one of a module's names, what something is looked up in, what a text begins with."""
    if isinstance(node, ast.Set):
        return True
    if isinstance(node, ast.Tuple | ast.List) and (not isinstance(node.ctx, ast.Load) or len(node.elts) < 2):
        return False
    parent = module.parents[node]
    if isinstance(parent, ast.Assign | ast.AnnAssign):
        targets = parent.targets if isinstance(parent, ast.Assign) else [parent.target]
        top = isinstance(module.parents[parent], ast.Module | ast.ClassDef)
        return top and all(isinstance(t, ast.Name) and not t.id.startswith("__") for t in targets)
    if isinstance(parent, ast.Compare):
        return all(isinstance(operator, ast.In | ast.NotIn) for operator in parent.ops)
    if isinstance(parent, ast.keyword):
        return parent.arg in ("anchors", "roles", "words")
    if isinstance(parent, ast.Call):
        name = parent.func.id if isinstance(parent.func, ast.Name) else getattr(parent.func, "attr", "")
        return name in ("frozenset", "set", "startswith", "endswith", "of")
    return isinstance(parent, ast.Starred) or (isinstance(parent, ast.For) and parent.iter is node)


def _dropped_entries(module: Module, node: ast.Tuple | ast.List | ast.Set | ast.Dict) -> Iterator[Edit]:
    if isinstance(node, ast.Dict):
        pairs = [(k, v) for k, v in zip(node.keys, node.values, strict=True) if k is not None]
        said = [f"{module.said(key)}: {module.said(value)}" for key, value in pairs]
        entries: list[ast.expr] = [key for key, _ in pairs]
        opening, closing = "{", "}"
        if len(pairs) < len(node.keys) or len(said) < 2:
            return
    else:
        entries = node.elts
        said = [module.said(entry) for entry in entries]
        brackets = {ast.Tuple: ("(", ")"), ast.List: ("[", "]"), ast.Set: ("{", "}")}
        opening, closing = brackets[type(node)]
    for number, entry in enumerate(entries):
        if _is_word(entry) and len(entries) > 1:
            left = ", ".join(said[:number] + said[number + 1 :])
            yield module.edit("word", node, f"{opening}{left},{closing}", f"no entry {said[number][:60]}")


def _is_word(entry: ast.expr) -> bool:
    """Whether an entry is a word, or a row that begins with one."""
    if isinstance(entry, ast.Tuple) and entry.elts:
        return _is_word(entry.elts[0])
    if not isinstance(entry, ast.Constant) or not isinstance(entry.value, str | bytes):
        return False
    text = entry.value if isinstance(entry.value, str) else entry.value.decode("latin-1")
    return len(text) < 60 and _WORDY.fullmatch(text.strip()) is not None
