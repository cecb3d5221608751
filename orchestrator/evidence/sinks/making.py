"""Says how a text is made: of constants, of what is bound or harmless, of values, or of what a request brings."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

from ...host.late import late
from .terms import Call, Either, Guard, Joined, Listed, Name, Other, Part, Plain, Program, Scope, Term, Text, said

_DEEP = 24
_MOST = 400


class How(IntEnum):
    """What is known of a part of a text that is no constant, from the best to the worst."""

    HARMLESS = 0
    """It is a number, or was made safe."""
    UNTOLD = 1
    VALUE = 2
    """A caller chooses it."""
    INPUT = 3
    """A request chooses it."""


@dataclass(frozen=True, slots=True)
class Hole:
    """A part of a text that is no constant."""

    how: How
    says: str = ""


Piece = str | Hole
INPUT = re.compile(
    r"(?:^|\.)(?:req|request|ctx\.req(?:uest)?|ctx|context\.request|self\.request|this\.request|Request|httpRequest)\."
    r"(?:body|query|params|args|form|GET|POST|data|values|json|headers|cookies|files|url|query_params|path_params|"
    r"view_args|get_json|FormValue|PostFormValue|PathValue|URL|Query|Form|Headers|Cookies|RouteValues|getParameter\w*|"
    r"getHeader|getQueryString|queryStringParameters|input|get|post|param|original_fullpath|query_string|QueryString)\b|"
    r"^params\.|^cookies\.|^_(?:GET|POST|REQUEST|COOKIE)\.|^event\.(?:body|queryStringParameters|pathParameters)\b|"
    r"^(?:r|req|request)\.(?:URL|FormValue|PostFormValue|PathValue|Form|PostForm|Header)\b|"
    r"^c\.(?:Query|Param|PostForm|FormValue|QueryParam|DefaultQuery|Params|GetHeader)\(\)|"
    r"^(?:mux\.Vars|chi\.URLParam)\(\)|^(?:Input|Request)\.(?:get|input|query|post)\(\)|"
    r"^(?:request|searchParams)\.(?:nextUrl\.)?(?:searchParams|get)\b",
)
_BARE = late(r"(?:^|\.)(?:request\.user|req\.user|ctx\.state|request\.session|req\.session)\b")
_SAFE = frozenset({
    "int", "float", "bool", "len", "Number", "parseInt", "parseFloat", "Integer", "Float", "to_i", "to_f", "Atoi",
    "Itoa", "ParseInt", "parseLong", "parseDouble", "intval", "floatval", "UUID", "fromString", "fromInt", "toInt",
    "toLong", "TryParse", "Parse", "count", "size", "Count", "Len", "sizeof", "secure_filename", "basename",
    "safe_join", "quote", "quote_table_name", "quote_column_name", "quoted_table_name", "quote_name", "escape",
    "escapeId", "mysql_real_escape_string", "mysqli_real_escape_string", "real_escape_string", "QuoteLiteral",
    "QuoteIdentifier", "sanitize_sql", "sanitize_sql_array", "sanitize_sql_like", "sanitize_sql_for_conditions",
    "escapeshellarg", "shellescape", "Base", "isoformat", "strftime", "to_fs", "iso8601", "now", "today", "utcnow",
    "time", "Sanitize", "Composed", "Identifier", "Literal", "SQL", "randint", "uuid4", "url_for", "reverse",
    "table_name", "GetFileName", "isdigit", "date", "crc32", "md5", "sha1", "hexdigest", "ident", "identifier",
})  # fmt: skip
"""What these give is a number, a time or made safe for where it is put."""
_THROUGH = frozenset({
    "str", "String", "strip", "trim", "lower", "upper", "toLowerCase", "toUpperCase", "downcase", "upcase", "toString",
    "to_s", "squish", "strip_heredoc", "decode", "encode", "dedent", "unquote", "decodeURIComponent", "text", "sql",
    "fsencode", "TrimSpace", "stripIndent", "trimIndent", "trimMargin", "html_safe", "freeze", "b64decode", "loads",
    "StringBuilder", "StringBuffer", "StringIO", "getvalue", "append", "Append", "ToString", "concat", "Builder",
    "String()", "read", "Path", "abspath", "normpath", "realpath", "resolve", "Trim", "ToLower", "presence", "Sprint",
})  # fmt: skip
"""What these give is what they are given, or called on."""
_JOINS = frozenset({"join", "Join", "implode", "joinToString"})
_MODULES = frozenset({"os.path", "path", "posixpath", "strings", "filepath", "File"})
"""What joins what it is given, and is no part of it."""
_CONSTANT = late(r"^_{0,2}[A-Z][A-Z0-9_]*$")
_HARMLESS_NAMES = late(
    r"placeholders?$|^(?:table|tbl|schema|column)(?:_?names?)?s?$|table_?name|(?:^|_)(?:limit|offset|page|count|i|idx|"
    r"index|num|batch_size|size)$|(?:^|\.)(?:length|size|count)$",
    re.IGNORECASE,
)
"""Names of what mostly is a number, or is chosen by the program."""
_FIXED_PARTS = late(
    r"_meta\.(?:db_table|model_name)|(?:^|\.)(?:db_table|__tablename__|__table__|table_name|quoted_table_name|primary_key|"
    r"filepath|tempfile|tmp_name)(?:\.|$)"
)
"""What a model says of itself, and where an upload was put by the server."""
_OWN = frozenset({"self", "this", "cls"})
"""What has been given its attributes elsewhere."""
_COMPLETE = frozenset({"python", "javascript", "typescript", "php"})
"""Languages in which a name that nothing in sight gives anything is given it by whoever runs the code."""


class Maker:
    """How the terms of one program are made."""

    def __init__(self, program: Program, language: str) -> None:
        self._program = program
        self._unknown = How.VALUE if language in _COMPLETE else How.UNTOLD
        self._left = 0

    def pieces(self, term: Term, scope: Scope, at: int) -> list[Piece]:
        """What *term* is made of where it stands at *at*: texts, and what is no constant."""
        self._left = _MOST
        return _merged(self._made(term, scope, at, 0, frozenset()))

    def _made(self, term: Term, scope: Scope, at: int, deep: int, seen: frozenset[str]) -> list[Piece]:
        self._left -= 1
        if deep > _DEEP or self._left < 0:
            return [Hole(How.UNTOLD)]
        match term:
            case Text(text):
                return [text]
            case Plain():
                return [Hole(How.HARMLESS)]
            case Joined(parts):
                return [piece for part in parts for piece in self._made(part, scope, at, deep + 1, seen)]
            case Either(parts):
                return _worst(self._made(part, scope, at, deep + 1, seen) for part in parts)
            case Listed(keyed=True):
                return [Hole(How.UNTOLD)]
            case Listed(parts):
                return [piece for part in parts for piece in self._made(part, scope, at, deep + 1, seen)]
            case Name(name):
                return self._named(name, scope, at, deep, seen)
            case Part():
                return self._part(term, scope, at, deep, seen)
            case Call():
                return self._called(term, scope, at, deep, seen)
            case Other():
                return [Hole(How.UNTOLD)]

    def _named(self, name: str, scope: Scope, at: int, deep: int, seen: frozenset[str]) -> list[Piece]:
        place: Scope | None = scope
        while place is not None:
            if name in place.given:
                return self._followed(name, place, at, deep, seen)
            if name in place.parameters and name not in _OWN:
                kind = place.parameters[name]
                if kind == "number" or _HARMLESS_NAMES.search(name):
                    return [Hole(How.HARMLESS if kind == "number" else How.UNTOLD, name)]
                checked = any(is_checked(name, guard, at) for guard in scope.guards)
                how = How.INPUT if kind == "input" else How.VALUE
                return [Hole(How.UNTOLD if checked else how, name)]
            place = place.above
        if name in self._program.imported or _CONSTANT.match(name) or _HARMLESS_NAMES.search(name):
            return [Hole(How.UNTOLD, name)]
        return [Hole(How.UNTOLD if name in _OWN or name.startswith("@") else self._unknown, name)]

    def _followed(self, name: str, scope: Scope, at: int, deep: int, seen: frozenset[str]) -> list[Piece]:
        """What *name* was given before *at*, with what was added since."""
        if name in seen:
            return [Hole(How.HARMLESS)]  # it is added to itself, and what it begins with is followed where it begins
        seen |= {name}
        outer = scope.above is None
        before = [given for given in scope.given[name] if outer or given.at < at][-12:]
        whole = [given for given in before if not given.adds]
        first = _worst(self._made(given.term, scope, given.at, deep + 1, seen) for given in whole)
        if not whole and name in scope.parameters:
            first = [Hole(How.VALUE, name)]
        added = [
            piece for given in before if given.adds for piece in self._made(given.term, scope, given.at, deep + 1, seen)
        ]
        made = [*first, *added]
        if any(is_checked(name, guard, at) for guard in scope.guards):
            return [_lowered(piece) for piece in made]
        return [piece if isinstance(piece, str) or piece.says else Hole(piece.how, name) for piece in made]

    def _part(self, term: Part, scope: Scope, at: int, deep: int, seen: frozenset[str]) -> list[Piece]:
        path = said(term)
        if _FIXED_PARTS.search(path):
            return [Hole(How.HARMLESS, path)]
        if path and INPUT.search(path) and not _BARE.search(path):
            checked = any(is_checked(path, guard, at) for guard in scope.guards)
            return [Hole(How.UNTOLD if checked else How.INPUT, path)]
        if path in scope.given and path not in seen:
            return self._followed(path, scope, at, deep, seen)
        root = term.base
        while isinstance(root, Part):
            root = root.base
        if _CONSTANT.match(term.key):
            top = self._program.scopes[0]
            of_the_class = isinstance(root, Name) and root.name in _OWN and term.key in top.given
            if of_the_class and term.key not in self._program.stored:
                return self._followed(term.key, top, at, deep, seen)
            return [Hole(How.HARMLESS if self._keeps_constants(root, scope) else How.UNTOLD, path)]
        if _HARMLESS_NAMES.search(path or term.key):
            return [Hole(How.UNTOLD, path)]
        if isinstance(root, Name) and root.name not in seen:
            found = worst(self._made(root, scope, at, deep + 1, seen))
            if found in (How.INPUT, How.VALUE):
                return [Hole(found, path or f"{root.name}.")]
        elif isinstance(root, Call):
            holes = [p for p in self._made(root, scope, at, deep + 1, seen) if isinstance(p, Hole)]
            if any(hole.how is How.INPUT for hole in holes):
                return [Hole(How.INPUT, path)]
        return [Hole(How.UNTOLD, path)]

    def _keeps_constants(self, root: Term, scope: Scope) -> bool:
        """Whether *root* is a class or a module, and nothing that a function was given or has made."""
        if not isinstance(root, Name) or root.name in _OWN:
            return False
        place: Scope | None = scope
        while place is not None and place.above is not None:
            if root.name in place.given or root.name in place.parameters:
                return False
            place = place.above
        return root.name[:1].isupper() or root.name in self._program.imported

    def _called(self, call: Call, scope: Scope, at: int, deep: int, seen: frozenset[str]) -> list[Piece]:
        path = said(call)
        inside = [*([call.base] if call.base is not None else []), *call.given]
        if call.tagged or call.name in _SAFE:
            return [Hole(How.HARMLESS, path)]
        if path and INPUT.search(path) and not _BARE.search(path):
            checked = any(is_checked(path.removesuffix("()"), guard, at) for guard in scope.guards)
            return [Hole(How.UNTOLD if checked else How.INPUT, path)]
        if call.name in _JOINS:
            if call.base is not None and (call.name == "Join" or said(call.base) in _MODULES):
                inside = list(call.given)
            return [p for part in inside for p in self._made(part, scope, at, deep + 1, seen)]
        if call.name in _THROUGH or (call.name == "replace" and call.base is not None):
            kept = (
                inside
                if call.name in ("concat", "append", "Append")
                else [call.base or next(iter(call.given), Other())]
            )
            if (
                call.name
                in (
                    "text",
                    "sql",
                    "dedent",
                    "unquote",
                    "loads",
                    "b64decode",
                    "fsencode",
                    "TrimSpace",
                    "Trim",
                    "ToLower",
                    "resolve",
                    "abspath",
                    "normpath",
                    "realpath",
                    "Sprint",
                )
                and call.given
            ):
                kept = list(call.given[:2] if call.name == "resolve" else call.given[:1])
            if call.name == "append" or not call.made:
                return [p for part in kept for p in self._made(part, scope, at, deep + 1, seen)]
            return [p for part in call.given for p in self._made(part, scope, at, deep + 1, seen)]
        if call.made and call.name in _THROUGH:
            return [p for part in call.given for p in self._made(part, scope, at, deep + 1, seen)]
        if (
            call.name in ("get", "getlist", "fetch", "pop", "Get", "value", "values", "to_unsafe_h")
            and call.base is not None
        ):
            holes = [p for p in self._made(call.base, scope, at, deep + 1, seen) if isinstance(p, Hole)]
            if any(hole.how is How.INPUT for hole in holes):
                return [Hole(How.INPUT, path)]
        return [Hole(How.UNTOLD, path)]


def is_checked(path: str, guard: Guard, at: int) -> bool:
    """Whether *guard* holds what *path* says against something before control comes to *at*."""
    if guard.start > at or not path:
        return False
    name = re.escape(path.rpartition(".")[2].removesuffix("()"))
    if guard.end <= at and not re.search(rf"{_LEAVES}|\b{name}\s*=(?!=)", guard.body):
        return False  # whatever it says, what comes behind is done
    seen = rf"[\w.$@?\[\]\"'():-]{{0,80}}\b{name}\b"
    tests = (
        rf"[\w?!]\(\s*{seen}|\b{name}\b[\"'\])]*\s+(?:not\s+)?in\b|"
        rf"\b{name}\b[\"'\])]*\s*(?:=~|!~|\.(?:match|test|starts?_?[wW]ith|fullmatch|isdigit|isalnum|"
        rf"matches|includes|include\?|indexOf|contains))"
    )
    plain = guard.text.strip()
    found = re.search(tests, plain)
    return found is not None and not re.match(r"^\(?!?\s*(?:isset|empty|Boolean|is_null)\(", plain)


_LEAVES = (
    r"(?<![\w'\".])(?:return|raise|throw|abort|exit|die|halt|continue"
    r"|break|next|fail|head|panic|reject|redirect\w*)(?![\w'\"])"
)
"""What a statement says that keeps control from what comes behind it."""


def _lowered(piece: Piece) -> Piece:
    return Hole(min(piece.how, How.UNTOLD), piece.says) if isinstance(piece, Hole) else piece


def worst(pieces: Iterable[Piece]) -> How:
    """The worst of all holes; HARMLESS where there is none."""
    return max((piece.how for piece in pieces if isinstance(piece, Hole)), default=How.HARMLESS)


def _worst(options: Iterable[list[Piece]]) -> list[Piece]:
    """Of several ways in which something is made the one that is worst."""
    return max(
        options,
        key=lambda pieces: (worst(pieces), sum(isinstance(p, Hole) for p in pieces)),
        default=[Hole(How.UNTOLD)],
    )


def _merged(pieces: list[Piece]) -> list[Piece]:
    merged: list[Piece] = []
    for piece in pieces:
        if isinstance(piece, str) and merged and isinstance(merged[-1], str):
            merged[-1] += piece
        elif piece != "":
            merged.append(piece)
    return merged
