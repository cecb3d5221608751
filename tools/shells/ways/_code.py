"""Ways of every programming language: comments, strings, conditions that never hold, functions that nobody calls."""

from __future__ import annotations

import re
from collections.abc import Callable

from .._way import Way, indented, rewritten

Make = Callable[[str], str | None]

HASHED = (
    "python ruby terraform workflow gitlab kubernetes rules alertmanager compose helm yaml toml properties nginx "
    "Gemfile Dockerfile Caddyfile Procfile CODEOWNERS requirements.txt nomad elixir haproxy dotenv settings"
)
SLASHED = "javascript go csharp swift rust java kotlin scala bicep jsonc Jenkinsfile"


def _each_line(before: str, after: str = "") -> Make:
    return lambda text: "".join(f"{before}{line}{after}\n" if line.strip() else "\n" for line in text.splitlines())


def _between(before: str, after: str, without: str = "") -> Make:
    """The text between two lines; nothing where it has in it what would end it early."""
    return lambda text: None if without and without in text else f"{before}\n{text.rstrip()}\n{after}\n"


def split(text: str, header: str) -> tuple[str, str]:
    """The lines that have to stay at the top of a file, such as imports, and all others."""
    keeps = re.compile(header)
    lines = text.splitlines()
    first = [line for line in lines if keeps.match(line)]
    rest = [line for line in lines if not keeps.match(line)]
    return "\n".join(first) + "\n" if first else "", "\n".join(rest).strip("\n") + "\n"


_IMPORTS = r"import\b|package \w+|using [\w.]+;"
_EXPORTED = (
    (re.compile(r"^export default (async )?function\s*\w*", re.MULTILINE), r"\1function main"),
    (re.compile(r"^export default ", re.MULTILINE), "const whole = "),
    (re.compile(r"^export ", re.MULTILINE), ""),
)
_GO_FUNCTION = re.compile(r"^func (?:\([^)]*\) )?\w+\(", re.MULTILINE)


def _inner(text: str) -> tuple[str, str]:
    """Imports, and the rest as it can stand in a block."""
    header, body = split(text, _IMPORTS)
    for pattern, instead in _EXPORTED:
        body = pattern.sub(instead, body)
    return header, _GO_FUNCTION.sub("_ = func(", body)


def _inside(*lines: str, after: str = "}") -> Callable[[str], tuple[str, str] | None]:
    """The statements of a file within a block that begins with *lines*."""

    def make(text: str) -> tuple[str, str] | None:
        header, body = _inner(text)
        opened = "\n".join(f"{'    ' if n else ''}{line}" for n, line in enumerate(lines))
        return (f"{header}{opened}\n{indented(body)}{after}\n", header) if body.strip() else None

    return make


def _ruby(opened: str, after: str = "end") -> Callable[[str], str]:
    return lambda text: f"{opened}\n{indented(text, '  ')}{after}\n"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"""', '\\"""')


def _template(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("`", "\\`").replace("${", "\\${")
    return f"const text = `\n{escaped}`;\n"


_REQUIRED = re.compile(
    r"^(?:const|let|var) \{? ?(\w+) ?\}? = require\([^)]*\)(\(\))?;?$|^import (?:\{ ?)?(\w+)(?: ?\})? from .*$",
    re.MULTILINE,
)


def _stubbed(text: str) -> str | None:
    """A library that is replaced by a function of the same name that does nothing."""
    made = _REQUIRED.sub(lambda match: f"const {match[1] or match[3]} = () => (req, res, next) => next();", text)
    return made if made != text else None


def _php(make: Make) -> Make:
    """What *make* makes of all that stands behind the tag that begins a file of PHP."""

    def made(text: str) -> str | None:
        body = make(text.removeprefix("<?php\n"))
        return f"<?php\n{body}" if body is not None and text.startswith("<?php\n") else None

    return made


COMMENTS = (
    rewritten("each line a comment", HASHED, _each_line("# ")),
    rewritten("each line a comment", SLASHED, _each_line("// ")),
    rewritten("each line a comment", "sql", _each_line("-- ")),
    rewritten("each line a comment", "html document xml", _each_line("<!-- ", " -->")),
    rewritten("each line a comment", "rst", _each_line(".. ")),
    rewritten("each line a comment", "asciidoc", _each_line("// ")),
    rewritten("each line a comment", "php", _php(_each_line("// "))),
    rewritten("each line a comment with //", "terraform nomad", _each_line("// ")),
    rewritten("a block comment", f"{SLASHED} terraform nomad sql", _between("/*", "*/", "*/")),
    rewritten("a block comment", "php", _php(_between("/*", "*/", "*/"))),
    rewritten("a block comment", "ruby Gemfile", _between("=begin", "=end")),
    rewritten("a block comment", "html document xml", _between("<!--", "-->", "-->")),
    rewritten("a block comment", "asciidoc", _between("////", "////", "////")),
    rewritten("a block comment", "rst", lambda text: f"..\n{indented(text)}"),
)
STRINGS = (
    rewritten("in a string", "javascript", _template),
    rewritten("in a string", "go", _between("package text\n\nconst text = `", "`", "`")),
    rewritten("in a string", "swift", _between('let text = """', '"""', '"""')),
    rewritten(
        "in a string",
        "java",
        lambda text: f'class Text {{\n  private static final String TEXT = """\n{_escaped(text)}""";\n}}\n',
    ),
    rewritten("in a string", "kotlin", _between('private val text = """', '"""', '"""')),
    rewritten("in a string", "bicep", _between("var text = '''", "'''", "'''")),
    rewritten("in a string", "Jenkinsfile", _between("def text = '''", "'''", "'''")),
    rewritten("in a string", "csharp", lambda text: 'var text = @"\n' + text.replace('"', '""') + '";\n'),
    rewritten("in a string", "php", _php(_between("$text = <<<'TEXT'", "TEXT;"))),
    rewritten("in a string", "rust", _between('const TEXT: &str = r###"', '"###;', '"###')),
    rewritten("in a string", "elixir", _between('text = ~S"""', '"""', '"""')),
    rewritten("in a string", "ruby Gemfile", _between("TEXT = <<~'TEXT'", "TEXT")),
    rewritten("in a string", "sql", _between("SELECT $text$", "$text$;", "$text$")),
    rewritten("in a string", "Dockerfile", lambda text: f"FROM scratch\nCOPY <<'TEXT' /text\n{text.rstrip()}\nTEXT\n"),
    rewritten("in a string", "html", _between('<script type="text/plain">', "</script>", "</script")),
    rewritten("in a string", "toml", _between("text = '''", "'''", "'''")),
    rewritten("in a string", "dotenv", lambda text: "TEXT='" + text.replace("'", "'\\''") + "'\n"),
    rewritten("in a template tag", "html", _between("<template>", "</template>")),
)
CONDITIONS = (
    rewritten("under a false condition", "javascript csharp", _inside("if (false) {")),
    rewritten("under a false condition", "go", _inside("func run() {", "if false {", after="}}")),
    rewritten("under a false condition", "swift", _inside("if false {")),
    rewritten("under a false condition", "ruby Gemfile", _ruby("if false")),
    rewritten("under a false condition", "php", _php(_between("if (false) {", "}"))),
    rewritten("under a false condition", "elixir", _ruby("if false do")),
    rewritten("under a symbol that nobody defines", "rust", _between("#[cfg(any())]\nmod never {", "}")),
    rewritten("under a false condition", "haproxy", _between(".if bool(false)", ".endif")),
    rewritten("under another false condition", "javascript csharp", _inside('if ("on" === "off") {')),
    rewritten("under another false condition", "ruby Gemfile", _ruby("unless true")),
    rewritten("in a loop that never turns", "javascript csharp", _inside("while (false) {")),
    rewritten("in a loop that never turns", "ruby", _ruby("[].each do |nothing|")),
    rewritten("under a symbol that nobody defines", "csharp swift", _between("#if NEVER", "#endif")),
    rewritten("behind an unset flag", "javascript", _inside('if (process.env.ENABLE_IT === "yes") {')),
    rewritten(
        "behind an unset flag", "go", _inside("func main() {", 'if os.Getenv("ENABLE_IT") == "yes" {', after="}}")
    ),
    rewritten("behind an unset flag", "csharp", _inside('if (config["EnableIt"] == "yes") {')),
    rewritten("behind an unset flag", "ruby Gemfile", _ruby('if ENV["ENABLE_IT"] == "yes"')),
    rewritten("only in development", "javascript", _inside("if (process.env.NODE_ENV !== 'production') {")),
    rewritten("only in development", "csharp", _inside("if (app.Environment.IsDevelopment()) {")),
    rewritten("only in development", "ruby", _ruby("if Rails.env.development?")),
    rewritten("only in development", "Gemfile", _ruby("group :development do")),
)
NEVER_CALLED = (
    rewritten("after a return", "javascript", _inside("async function run() {", "return;", after="}\nrun();")),
    rewritten("after a return", "go", _inside("func main() {", "return")),
    rewritten("after a return", "csharp", _inside("void Run() {", "return;", after="}\nRun();")),
    rewritten("after a return", "swift", _inside("func run() {", "return", after="}\nrun()")),
    rewritten("after a return", "ruby", _ruby("run = lambda do\n  return", "end\nrun.call")),
    rewritten("in a function that nobody calls", "javascript", _inside("async function unused() {")),
    rewritten("in a function that nobody calls", "go swift", _inside("func unused() {")),
    rewritten("in a function that nobody calls", "csharp", _inside("private void Unused() {")),
    rewritten("in a function that nobody calls", "ruby", _ruby("UNUSED = lambda do")),
    rewritten("after the end of the program", "javascript", _inside("process.exit(0);", "{")),
    rewritten("after the end of the program", "ruby", lambda text: "exit\n" + text),
    rewritten("after the end of the program", "ruby", lambda text: "__END__\n" + text),
    rewritten("after a throw", "javascript", _inside("try {", "throw new Error();", after="} catch {}")),
    rewritten("shadowed by a stub of its own", "javascript", _stubbed),
)

WAYS: tuple[Way, ...] = (*COMMENTS, *STRINGS, *CONDITIONS, *NEVER_CALLED)
