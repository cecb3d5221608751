"""Judges whether input can become code, commands or queries (2.3.3, 2.3.5)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from orchestrator import (
    ALL,
    BOTH,
    FAIL,
    Code,
    Draft,
    Example,
    Manifests,
    Pipelines,
    Signal,
    check,
    each,
    examined,
    passed,
    together,
    unsure,
    words,
)

from ._lines import broken, production

INPUT = (
    r"(?:req(?:uest)?\.(?:body|query|params|args|form|GET|POST|data|values|json|headers|cookies|url)\b|"
    r"ctx\.(?:query|request)|\bparams\[|\$_(?:GET|POST|REQUEST|COOKIE)|request\.getParameter|"
    r"event\.(?:body|queryStringParameters))"
)

CODE_INJECTION = Signal(
    id="security.code-injection",
    pattern=rf"(?<![\w.])(?:eval|exec|Function|execSync|spawn|system|popen|passthru|"
    rf"shell_exec)\(.{{0,120}}{INPUT}|os\.(?:system|popen)\(.{{0,120}}{INPUT}|"
    rf"subprocess\.\w{{1,20}}\(.{{0,160}}{INPUT}|pickle\.loads?\(.{{0,60}}{INPUT}|unserialize\(.{{0,60}}{INPUT}|"
    rf"yaml\.(?:unsafe_)?load\(.{{0,60}}{INPUT}|child_process\.\w{{1,20}}\(.{{0,120}}{INPUT}",
    kept=ALL,
)
EVAL = Signal(
    id="security.eval",
    pattern=r"(?<![\w.$])eval\(\s*[a-zA-Z_]\w{0,40}\s*\)|\$where[\"']?\s*:\s*(?:`[^`]{0,200}\$\{|"
    r"[\"'][^\"']{0,200}[\"']\s*\+)|\bnoent\s*:\s*true|\bXML_PARSE_NOENT\b|resolve_entities\s*=\s*True",
    languages=("javascript", "typescript", "python", "php", "ruby"),
    kept=ALL,
)
UNTRUSTED_TARGET = Signal(
    id="security.untrusted-target",
    pattern=rf"redirect\(\s*{INPUT}|(?:sendFile|readFile(?:Sync)?|createReadStream|send_file|"
    rf"(?<![\w.])open)\(\s*{INPUT}|"
    rf"(?:requests|axios|needle|httpx)\.(?:get|post|request)\(\s*{INPUT}|(?:fetch|"
    rf"urlopen)\(\s*{INPUT}|redirect_to\s+params\[",
)


@check(
    "SEC-2.3.3",
    shows=FAIL,
    reads=[CODE_INJECTION, EVAL, UNTRUSTED_TARGET],
    clean=[Example("parsed, not evaluated", {"tax.js": "const rate = Number(req.body.rate)\n"})],
    flagged=[
        Example("input is evaluated", {"tax.js": "const rate = eval(req.body.rate)\n"}),
        Example("input reaches a shell", {"ping.py": "os.system('ping ' + request.args['host'])\n"}),
        Example("input reaches a query's code", {"find.js": "db.find({ $where: 'this.id == ' + id })\n"}),
        Example("input says where to go", {"go.js": "return res.redirect(req.query.url)\n"}),
    ],
    silent=[Example("in a test", {"tests/eval.js": "eval(req.body.rate)\n"})],
)
def input_is_not_executed(code: Code) -> Iterator[Draft]:
    """Request data does not reach interpreters, shells, deserialisers, paths or addresses unchecked."""
    injected, evaluated, targets = (
        production(code[CODE_INJECTION]),
        production(code[EVAL]),
        production(code[UNTRUSTED_TARGET]),
    )
    if injected:
        yield broken("Request data is executed as code or as a command", injected)
    evaluated = evaluated.without(injected)
    if evaluated:
        yield broken("Computed text is evaluated as code, a query or an XML entity", evaluated, medium=True)
    if targets:
        yield broken("Request data decides, unchecked, which address or file is used", targets)


_SQL = r"\b(?:SELECT\b.{0,200}\bFROM|INSERT\s+INTO|UPDATE\b.{0,80}\bSET|DELETE\s+FROM|WHERE(?=\s))\b"
_COMPARED = rf"{_SQL}.{{0,400}}(?:=|<>|!=|\blike|[<>(])\s{{0,3}}\\?'%?"
BUILT_SQL = Signal(
    id="security.built-sql",
    pattern=rf"{_COMPARED}(?:\$\{{|#\{{|%s|[\"']\s*[+.]\s*[\w$])|"
    rf"[\"'`].{{0,10}}{_SQL}.{{0,300}}(?:\$\{{|#\{{|\{{|[\"']\s*[+.]\s*){INPUT}",
)
BRACED_SQL = Signal(
    id="security.braced-sql",
    pattern=rf"{_COMPARED}\{{[a-z_]",
    languages=("python", "csharp"),  # elsewhere braces are a literal of the database: '{paused, finished}'
)
INTERPOLATED_SQL = Signal(
    id="security.interpolated-sql",
    pattern=r"[\"'`].{0,10}\b(?:SELECT\b.{0,200}\bFROM|INSERT\s+INTO|UPDATE\b.{0,80}\bSET|"
    r"DELETE\s+FROM)\b.{0,300}(?:\$\{|#\{|[\"']\s*[+%]\s*[\w(]|\.format\()|"
    r"\bf[\"']{1,3}\s{0,9}(?:SELECT\b.{0,200}\bFROM|INSERT\s+INTO|UPDATE\b.{0,80}\bSET|DELETE\s+FROM)\b.{0,300}\{",
)
RAW_SQL = Signal(
    id="security.raw-sql",
    pattern=r"\.(?:raw|exec_query|query|queryRow|Exec|Query(?:Row)?(?:Context)?|ExecContext)\(\s*[a-z]{0,2}[\"'`(]|"
    r"(?:cursor|cur|conn(?:ection)?|db|engine|session|transaction|tx|\))\.(?:execute|executemany|executescript|exec)\(|"
    r"\$(?:query|execute)Raw|createNativeQuery|prepareStatement|createStatement|find_by_sql|FromSql|Arel\.sql|"
    r"\btext\(\s*f?[\"']|RawSQL\(|RunSQL\(|\.extra\(|JdbcTemplate|nativeQuery\s*=\s*true",
)
_SCANNER = re.compile(r"\bbrakeman\b|\bbandit\s+(?!--version)\S|\bgosec\b|\bsemgrep ci\b|\bsemgrep\b.{0,200}--error\b")
_IDLE = re.compile(r"--no-exit-on-warn|--exit-zero|-no-fail\b")
_SPEAKERS = ("python", "ruby", "java", "kotlin", "javascript", "typescript", "csharp", "php", "go", "scala")
_ORMS = words("packages/orms")


@check(
    "SEC-2.3.5",
    shows=BOTH,
    reads=[BUILT_SQL, BRACED_SQL, INTERPOLATED_SQL, RAW_SQL],
    clean=[
        Example(
            "only the ORM",
            {
                "requirements.txt": "Django==5.2\n",
                "shop/views.py": "def one(request, key):\n    return Order.objects.get(pk=key)\n",
            },
        )
    ],
    flagged=[
        Example(
            "a value between quotes", {"search.ts": "db.query(`SELECT * FROM items WHERE name LIKE '%${term}%'`)\n"}
        ),
        Example(
            "a value between quotes of a text with braces",
            {"search.py": "cur.execute(f\"SELECT * FROM items WHERE name = '{term}'\")\n"},
        ),
        Example(
            "request data in a query", {"view.py": 'cur.execute("SELECT * FROM t WHERE id = " + request.args["id"])\n'}
        ),
    ],
    silent=[
        Example(
            "computed values, and a scanner that stops the pipeline",
            {
                "app/helpers/traffic.rb": "rows = db.select_all(\"SELECT id FROM votes WHERE at >= '#{start}'\")\n",
                ".github/workflows/ci.yml": "on: push\njobs:\n  scan:\n    runs-on: ubuntu-latest\n    steps:\n"
                "      - run: bundle exec brakeman\n",
            },
        ),
        Example(
            "a list as the database writes one",
            {"roles.go": "db.Exec(`UPDATE roles SET grants = grants || '{campaigns}' WHERE id = 1`)\n"},
        ),
        Example("a table's name", {"count.py": 'cur.execute(f"SELECT count(*) FROM {table}")\n'}),
        Example("raw queries with parameters", {"view.py": 'cur.execute("SELECT * FROM t WHERE id = %s", (key,))\n'}),
    ],
)
def sql_takes_parameters(code: Code, manifests: Manifests, pipelines: Pipelines) -> Iterator[Draft]:
    """
    No query is put together from values; where only an ORM speaks SQL, none can be.

    Values that are not seen to come from a request are left to a scanner that stops the pipeline, where there is one.
    """
    built, interpolated, raw = (
        together(production(code[BUILT_SQL]), production(code[BRACED_SQL])),
        production(code[INTERPOLATED_SQL]),
        production(code[RAW_SQL]),
    )
    if built:
        direct = any(re.search(INPUT, s.text, re.IGNORECASE) for s in built)
        scans = [p.at(s) for p, j, s in pipelines.steps() if j.heeded and _stops(s.enforced)]
        if scans and not direct:
            text = f"SQL is built from values in {built[0]}, and the scanner of the pipeline lets that pass"
            yield unsure(text, built, scans[0])
            return
        yield broken("SQL is built from values instead of bound parameters", built, medium=not direct)
        return
    if interpolated:
        yield unsure(
            each(interpolated).say("{number:query} {is} put together from text; whether input gets in cannot be told")
        )
        return
    orm = manifests.uses(_ORMS, development=False)
    if orm and not raw and code.files(*_SPEAKERS):
        manifest, dependency = orm[0]
        count = examined(code.files(*_SPEAKERS), "source files without a raw query")
        yield passed(f"Only {dependency.package} speaks SQL", manifest.at(dependency), count, confidence="medium")


def _stops(enforced: str) -> bool:
    """Whether one of the commands whose failure counts scans the code."""
    return any(_SCANNER.search(line) and not _IDLE.search(line) for line in enforced.split("\n"))
