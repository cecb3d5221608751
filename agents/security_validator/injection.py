"""Judges whether input can become code, commands or queries (2.3.3, 2.3.5)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from orchestrator import (
    ALL,
    BOTH,
    FAIL,
    Code,
    Draft,
    Example,
    Hits,
    Manifests,
    Pipelines,
    Places,
    Signal,
    Sinks,
    Source,
    check,
    each,
    examined,
    many,
    passed,
    together,
    unsure,
    words,
)

from ._lines import broken, production, shipped

INPUT = (
    r"(?:req(?:uest)?\.(?:body|query|params|args|form|GET|POST|data|values|json|headers|cookies|url)\b|"
    r"ctx\.(?:query|request)|\bparams\[|\$_(?:GET|POST|REQUEST|COOKIE)|request\.getParameter|"
    r"event\.(?:body|queryStringParameters))"
)

COMPUTED = Signal(
    id="security.computed-code",
    pattern=r"\$where[\"']?\s*:\s*(?:`[^`]{0,200}\$\{|[\"'][^\"']{0,200}[\"']\s*\+)|\bnoent\s*:\s*true|"
    r"\bXML_PARSE_NOENT\b|resolve_entities\s*=\s*True",
    languages=("javascript", "typescript", "python", "php", "ruby"),
    kept=ALL,
)
_EXECUTED = ("code", "shell", "template", "object")
_PLACES = ("file", "address")


@check(
    "SEC-2.3.3",
    shows=FAIL,
    reads=[COMPUTED],
    clean=[
        Example("parsed, not evaluated", {"tax.js": "const rate = Number(req.body.rate)\n"}),
        Example(
            "made safe, checked or held in a folder first",
            {
                "send.py": "name = secure_filename(request.args['name'])\nopen('/srv/' + name)\n",
                "go.py": "if is_safe_url(request.args['next']):\n    redirect(request.args['next'])\n",
                "send.ts": "res.sendFile(req.params.name, { root: '/srv/public' })\n",
                "ping.go": "package s\n\nfunc h(r *http.Request) {\n"
                '\texec.Command("ping", r.FormValue("h")).Run()\n}\n',
            },
        ),
        Example(
            "others of this name",
            {
                "frame.py": "df = df.eval(expression)\nmodel.eval()\n",
                "rules.py": "from cel import eval\nallowed = eval(request.args['rule'])\n",
                "tree.ts": "class E { eval(node) { return this.eval(node.left) } }\nawait redis.eval(req.body.key)\n",
            },
        ),
    ],
    flagged=[
        Example("input is evaluated", {"tax.js": "const rate = eval(req.body.rate)\n"}),
        Example(
            "input is evaluated a line later",
            {"tax.py": "def tax():\n    rate = request.args['rate']\n    return eval(rate)\n"},
        ),
        Example(
            "a parameter of a route is evaluated",
            {"calc.py": "@app.get('/calc')\ndef calc(rate: str):\n    return eval(rate)\n"},
        ),
        Example("input reaches a shell", {"ping.py": "os.system('ping ' + request.args['host'])\n"}),
        Example(
            "input reaches a shell in Go",
            {
                "ping.go": "package s\n\nfunc h(w http.ResponseWriter, r *http.Request) {\n"
                '\texec.Command("sh", "-c", "ping "+r.URL.Query().Get("h")).Run()\n}\n'
            },
        ),
        Example("input reaches a shell in Ruby", {"app/ping.rb": 'host = params[:host]\nsystem("ping #{host}")\n'}),
        Example("input reaches a shell in PHP", {"ping.php": "<?php\n$h = $_GET['h'];\nshell_exec(\"ping $h\");\n"}),
        Example("input is a template", {"hello.py": "render_template_string('Hello ' + request.args['n'])\n"}),
        Example("input reaches a query's code", {"find.js": "db.find({ $where: 'this.id == ' + id })\n"}),
        Example("input says where to go", {"go.js": "return res.redirect(req.query.url)\n"}),
        Example(
            "input says which file",
            {"send.py": "def send():\n    name = request.args['name']\n    return open('/srv/files/' + name)\n"},
        ),
    ],
    silent=[
        Example("in a test", {"tests/eval.js": "eval(req.body.rate)\n"}),
        Example("in a script of the build", {"scripts/build.js": "const out = eval(req.body.source)\n"}),
        Example("whose text it is cannot be told", {"rules.py": "def allowed(rule):\n    return eval(rule)\n"}),
    ],
)
def input_is_not_executed(sinks: Sinks, code: Code) -> Iterator[Draft]:
    """
    Request data does not reach interpreters, shells, deserialisers, paths or addresses unchecked.

    It is followed through the variables of a function.
    """
    injected, targets = shipped(sinks.of(*_EXECUTED, how="input")), shipped(sinks.of(*_PLACES, how="input"))
    if injected:
        yield broken("Request data is executed as code or as a command", injected)
    computed = production(code[COMPUTED]).without(injected)
    if computed:
        yield broken("Computed text is evaluated as code, a query or an XML entity", computed, medium=True)
    if targets:
        yield broken("Request data decides, unchecked, which address or file is used", targets)
    evaluated = shipped(together(sinks.of("code", how="value"), sinks.of("code", how="untold")))
    if evaluated:
        yield unsure(each(evaluated).say("{number:call} {evaluates} text; where that comes from cannot be told"))


BUILT_SQL = Signal(
    id="security.built-sql",
    pattern=r"[\"'`]{1,3}\s{0,9}(?:SELECT\b.{0,200}\bFROM|INSERT\s+INTO|UPDATE\b.{0,80}\bSET|"
    r"DELETE\s+FROM)\b.{0,300}(?:\$\{|#\{|\{[a-z_]|%[sdv]|[\"']\s*[+.%]\s*[\w($])",
)
RAW_SQL = Signal(
    id="security.raw-sql",
    pattern=r"\.(?:raw|exec_query|query|queryRow|Exec|Query(?:Row)?(?:Context)?|ExecContext)\(\s*[a-z]{0,2}[\"'`(]|"
    r"(?:cursor|cur|conn(?:ection)?|db|engine|session|transaction|tx|\))\.(?:execute|executemany|executescript|exec)\(|"
    r"\$(?:query|execute)Raw|createNativeQuery|prepareStatement|createStatement|find_by_sql|FromSql|Arel\.sql|"
    r"\btext\(\s*f?[\"']|RawSQL\(|RunSQL\(|\.extra\(|JdbcTemplate|nativeQuery\s*=\s*true",
)
_VERB = re.compile(r"[\"'`]\s*(?:SELECT|INSERT|UPDATE|DELETE)\b")
"""A statement is written in capitals, a sentence is not."""
_QUERIES = ("sql", "clause")
_SCANNER = re.compile(r"\bbrakeman\b|\bbandit\s+(?!--version)\S|\bgosec\b|\bsemgrep ci\b|\bsemgrep\b.{0,200}--error\b")
_IDLE = re.compile(r"--no-exit-on-warn|--exit-zero|-no-fail\b")
_SPEAKERS = ("python", "ruby", "java", "kotlin", "javascript", "typescript", "csharp", "php", "go")
_UNREAD = (
    "swift", "c", "cpp", "perl", "groovy", "clojure", "fsharp", "dart", "lua", "haskell",
    "erlang",
)  # fmt: skip
"""Languages of which no call is read: what they give to a database nobody here can tell."""
_ORMS = words("packages/orms")
_DRIVERS = words("packages/sql-databases")
_LEXED = ("rust", "elixir", "scala")
"""Languages of which the calls that take SQL are told by their lines."""
BUILT_ELSEWHERE = Signal(
    id="security.built-sql-by-line",
    pattern=r"\b(?:query(?:_as|_scalar|_one|_opt|_many|_raw)?!?|fragment|execute|fetch_\w{1,10}|sql_query|raw_sql|"
    r"prepare)(?:::<[^>]{1,60}>)?\(\s*(?:\w{1,30}\s*,\s*)?&?format!\(|"
    r"\b(?:query!?|query_many!?|fragment)\(\s*(?:[\w.]{1,40}\s*,\s*)?[\"'][^\"]{0,300}#\{|"
    r"Fragment\.const0?\(\s*s[\"'][^\"]{0,300}\$|"
    r"(?-i:\b(?:SELECT|UPDATE|INSERT INTO|DELETE FROM|WHERE|ORDER BY|VALUES)\b).{0,200}#\{|"
    r"\bsql[\"']{1,3}[^\"]{0,300}#\$|"
    r"Fragment\.const0?\(\s*[\"'][^\"]{0,200}[\"']\s*\+",
    languages=_LEXED,
    kept=ALL,
)
UNTOLD_ELSEWHERE = Signal(
    id="security.untold-sql-by-line",
    pattern=r"(?-i:\b(?:query(?:_as|_scalar|_one|_opt|_many|_raw)?|sql_query|"
    r"raw_sql)(?:::<[^>]{1,60}>)?\(\s*&?(?:[a-z_]\w{0,40}[,.)]|String)|"
    r"\bRepo\.query!?\(\s*[a-z_]\w{0,40}\b|\bSQL\.query!?\(\s*\w{1,30}\s*,\s*[a-z_]\w{0,40}\b|QueryBuilder::new\(|"
    r"\.push\(\s*&?format!|Fragment\.const0?\(\s*[a-z])",
    languages=_LEXED,
    kept=ALL,
)
_CONSTANT = re.compile(r"[#$]\{\s*[A-Z@][A-Z0-9_]*\s*\}|#\{\s*@\w+\s*\}")


_ECTO = 'defmodule A.MixProject do\n  defp deps do\n    [\n      {:ecto_sql, "~> 3.12"}\n    ]\n  end\nend\n'
_JPA = (
    "<project><groupId>a</groupId><artifactId>s</artifactId><version>1</version><dependencies><dependency>"
    "<groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-data-jpa</artifactId>"
    "<version>3.4.0</version></dependency></dependencies></project>\n"
)
_DJANGO = {"requirements.txt": "django==5.1\n", "shop/models.py": "from django.db import models\n"}
_RAILS = "source 'https://rubygems.org'\ngem 'rails'\ngem 'pg'\n"
_TYPEORM = '{"name": "s", "version": "1.0.0", "dependencies": {"typeorm": "0.3", "pg": "8"}}\n'


@check(
    "SEC-2.3.5",
    shows=BOTH,
    reads=[BUILT_ELSEWHERE, UNTOLD_ELSEWHERE, BUILT_SQL, RAW_SQL],
    clean=[
        Example(
            "queries of Elixir",
            {"mix.exs": _ECTO, "lib/a.ex": 'def f(id), do: Repo.query!("SELECT 1 WHERE a = $1", [id])\n'},
        ),
        Example(
            "a driver with bound parameters",
            {"requirements.txt": "psycopg==3.2\n", "view.py": 'cur.execute("SELECT * FROM t WHERE id = %s", (key,))\n'},
        ),
        Example(
            "only the ORM",
            {
                "requirements.txt": "Django==5.2\n",
                "shop/views.py": "def one(request, key):\n    return Order.objects.get(pk=key)\n",
            },
        ),
        Example(
            "an ORM, and queries with parameters",
            {
                "requirements.txt": "Django==5.2\n",
                "shop/views.py": "def one(cur, key):\n    cur.execute('SELECT id FROM t WHERE id = %s', (key,))\n",
            },
        ),
        Example(
            "a template that binds",
            {
                "package.json": '{"name": "s", "version": "1.0.0", "dependencies": {"@prisma/client": "6"}}\n',
                "src/find.ts": "const rows = await prisma.$queryRaw`SELECT id FROM crate WHERE n = ${req.query.n}`\n",
            },
        ),
        Example(
            "conditions with places for values",
            {
                "Gemfile": _RAILS,
                "app/models/crate.rb": "class Crate < ApplicationRecord\n  def self.named(n)\n"
                "    where('name = ?', n).order(:name)\n  end\nend\n",
            },
        ),
        Example(
            "a named parameter",
            {
                "pom.xml": _JPA,
                "src/main/java/R.java": "class R { Object f(String n) {\n"
                '  return em.createQuery("from Crate c where c.name = :n").setParameter("n", n).getResultList(); } }\n',
            },
        ),
        Example(
            "a sentence of English",
            {
                "requirements.txt": "Django==5.2\n",
                "shop/find.py": "def find(name):\n"
                "    raise ValueError(f\"Select a crate from those where it is '{name}'\")\n",
            },
        ),
    ],
    flagged=[
        Example("Elixir", {"lib/a.ex": "def f(n), do: Repo.query!(\"SELECT id FROM crate WHERE name = '#{n}'\")\n"}),
        Example(
            "Rust", {"src/a.rs": "pub fn f(n: &str) {\n    sqlx::query(&format!(\"SELECT 1 WHERE a = '{}'\", n));\n}\n"}
        ),
        Example("Scala", {"src/A.scala": 'def f(n: String) = Fragment.const(s"select 1 where a = $n")\n'}),
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
        Example(
            "request data lines above the query",
            {
                "src/find.ts": "const { id } = req.params\nconst q = 'SELECT * FROM crate WHERE id = ' + id\n"
                "const r = await pool.query(q)\n"
            },
        ),
        Example(
            "a condition of a query builder",
            {
                "package.json": _TYPEORM,
                "src/find.ts": "const rows = await repo.createQueryBuilder('c').where(`c.name = '${n}'`).getMany()\n",
            },
        ),
        Example(
            "a condition in Rails",
            {
                "Gemfile": _RAILS,
                "app/models/crate.rb": "class Crate < ApplicationRecord\n  def self.named(n)\n"
                "    where(\"name = '#{n}'\")\n  end\nend\n",
            },
        ),
        Example(
            "a builder of text",
            {
                "pom.xml": _JPA,
                "src/main/java/R.java": "class R { Object f(String n) {\n"
                '  StringBuilder q = new StringBuilder("from C c");\n'
                '  q.append(" where c.name = \'").append(n).append("\'");\n'
                "  return em.createQuery(q.toString()).getResultList(); } }\n",
            },
        ),
        Example(
            "formatted in Go",
            {
                "db.go": "package s\n\nfunc f(id string) {\n"
                "\tdb.Query(fmt.Sprintf(\"SELECT * FROM crate WHERE name = '%s'\", id))\n}\n"
            },
        ),
        Example(
            "in PHP",
            {"find.php": "<?php\n$n = $_GET['n'];\n$rows = DB::select(\"SELECT * FROM crate WHERE name = '$n'\");\n"},
        ),
        Example(
            "in C#",
            {
                "Find.cs": "class F { object Find(string n) {\n"
                "  return db.Crates.FromSqlRaw($\"SELECT * FROM crate WHERE name = '{n}'\"); } }\n"
            },
        ),
    ],
    silent=[
        Example(
            "an attribute in capitals that a function gives a value",
            {
                **_DJANGO,
                "shop/find.py": "def find(self, cur, name):\n    self.NAME = name\n"
                "    cur.execute('SELECT id FROM crate WHERE name = ' + self.NAME)\n",
            },
        ),
        Example(
            "a language beside it of which no call is read",
            {**_DJANGO, "src/Main.swift": 'func f(q: String) { db.run("SELECT 1 WHERE a = " + q) }\n'},
        ),
        Example(
            "computed values, and a scanner that stops the pipeline",
            {
                "app/helpers/traffic.rb": "def traffic(start)\n"
                "  db.select_all(\"SELECT id FROM votes WHERE at >= '#{start}'\")\nend\n",
                ".github/workflows/ci.yml": "on: push\njobs:\n  scan:\n    runs-on: ubuntu-latest\n    steps:\n"
                "      - run: bundle exec brakeman\n",
            },
        ),
        Example(
            "a list as the database writes one",
            {"roles.go": "db.Exec(`UPDATE roles SET grants = grants || '{campaigns}' WHERE id = 1`)\n"},
        ),
        Example("a table's name", {"count.py": 'cur.execute(f"SELECT count(*) FROM {table}")\n'}),
        Example(
            "a language beside it by the line, with a name of who knows where",
            {"mix.exs": _ECTO, "lib/a.ex": "def f(q), do: Repo.query!(q)\n"},
        ),
        Example("raw queries with parameters", {"view.py": 'cur.execute("SELECT * FROM t WHERE id = %s", (key,))\n'}),
        Example(
            "a query that comes from elsewhere, beside an ORM",
            {
                "requirements.txt": "Django==5.2\n",
                "shop/run.py": "def run(cursor, query):\n    cursor.execute(query)\n",
            },
        ),
        Example(
            "a statement that nobody is seen to run, beside an ORM",
            {
                "requirements.txt": "Django==5.2\n",
                "shop/run.py": "def run(n):\n    return twice(f\"SELECT * FROM crate WHERE name = '{n}'\")\n",
            },
        ),
        Example(
            "a number in a query, and a script of a migration",
            {
                "page.go": "package s\n\nfunc f(page int) {\n"
                '\tdb.Query(fmt.Sprintf("SELECT id FROM t LIMIT %d", page))\n}\n',
                "scripts/fill.py": "cur.execute(f\"INSERT INTO t VALUES ('{name}')\")\n",
            },
        ),
    ],
)
def sql_takes_parameters(code: Code, sinks: Sinks, manifests: Manifests, pipelines: Pipelines) -> Iterator[Draft]:
    """
    No query is put together from values; where an ORM speaks SQL, no call is given any that is.

    Values that are not seen to come from a request are left to a scanner that stops the pipeline, where there is one.
    """
    direct = shipped(sinks.of(*_QUERIES, how="input"))
    built = together(direct, shipped(sinks.of(*_QUERIES, how="value")))
    if built:
        scans = [p.at(s) for p, j, s in pipelines.steps() if j.heeded and _stops(s.enforced)]
        if scans and not direct:
            text = f"SQL is built from values in {built[0]}, and the scanner of the pipeline lets that pass"
            yield unsure(text, built, scans[0])
            return
        yield broken("SQL is built from values instead of bound parameters", built, medium=not direct)
        return
    elsewhere = shipped(code[BUILT_ELSEWHERE].places).saying(lambda s: not _CONSTANT.search(s.text))
    if elsewhere:
        yield broken("SQL is built from values instead of bound parameters", elsewhere, medium=True)
        return
    untold = shipped(code[UNTOLD_ELSEWHERE].places)
    open_ends = together(*(sinks.of(*_QUERIES, how=how) for how in _OPEN), _spoken(code[BUILT_SQL], sinks), untold)
    if open_ends:
        yield unsure(
            each(open_ends).say("{number:query} {is} made of more than constants; whether input gets in cannot be told")
        )
        return
    orm = [(m, d) for m, d in manifests.uses(_ORMS, development=False) if not _NO_SQL.search(d.package)]
    driver = [] if orm else manifests.uses(_DRIVERS, development=False)
    driver = [(m, d) for m, d in driver if not _NO_SQL.search(d.package)]
    bound = sum(sinks.fixed.get(kind, 0) for kind in _QUERIES)
    if (orm or driver) and not code.files(*_UNREAD) and code.files(*_LEXED) and not _unseen(code[RAW_SQL], sinks):
        manifest, dependency = (orm or driver)[0]
        searched = examined(code.files(*_LEXED, *_SPEAKERS), "source files")
        said = f"{dependency.package} speaks SQL, and no call that is given any builds it from values"
        yield passed(said, manifest.at(dependency), searched, confidence="medium")
    elif driver and bound and not code.files(*_UNREAD) and not _unseen(code[RAW_SQL], sinks):
        manifest, dependency = driver[0]
        said = f"No call that is given SQL for {dependency.package} builds it from values"
        searched = examined(code.files(*_SPEAKERS), "source files")
        yield passed(said, manifest.at(dependency), examined(bound, "calls with SQL"), searched, confidence="medium")
    elif orm and (unread := code.files(*_UNREAD)):
        yield unsure(f"{many(unread, 'source file')} of a language whose calls are not read may speak SQL as well")
    elif orm and not _unseen(code[RAW_SQL], sinks) and code.files(*_SPEAKERS):
        manifest, dependency = orm[0]
        given = sum(sinks.fixed.get(kind, 0) for kind in _QUERIES)
        searched = examined(code.files(*_SPEAKERS), "source files")
        if given:
            said = f"{dependency.package} speaks SQL, and no call that is given any builds it from values"
            calls = examined(given, "calls with SQL")
            yield passed(said, manifest.at(dependency), calls, searched, confidence="medium")
        else:
            others = sorted({d.package for _, d in orm} - {dependency.package})
            said = f"Only {dependency.package} speaks SQL" if not others else "Only libraries that bind speak SQL"
            yield passed(said, *(m.at(d) for m, d in orm[:_SHOWN]), searched, confidence="medium")


_NO_SQL = re.compile(r"in-?memory$", re.IGNORECASE)
"""A stand-in for tests that keeps objects and takes no SQL."""
_OPEN: tuple[Literal["untold", "value", "input"], ...] = ("untold", "value", "input")
_SHOWN = 6
_NEAR = 8
"""Lines that a call may begin before its word, and text before the call that it is given to."""


def _spoken(hits: Hits, sinks: Sinks) -> Places:
    """Statements with something put in that no call is seen to be given."""
    return _unseen(hits, sinks).saying(lambda s: _VERB.search(s.text))


def _unseen(hits: Hits, sinks: Sinks) -> Places:
    """Those of *hits* beside which no call that queries was looked at."""

    def is_unseen(place: Source) -> bool:
        if place.path.endswith(_BY_LINE) or _COLUMN.search(place.text):
            return False
        near = range(place.line - _NEAR, place.line + _NEAR + 1)
        return not any(line in near for line in sinks.looked.get(place.path, ()))

    return production(hits).saying(is_unseen)


_BY_LINE = (".rs", ".ex", ".exs", ".scala")
"""Files of which the calls are told by their lines."""
_COLUMN = re.compile(r"^val\s+\w+\s*=\s*text\(")
"""A column of a table of Exposed."""


def _stops(enforced: str) -> bool:
    """Whether one of the commands whose failure counts scans the code."""
    return any(_SCANNER.search(line) and not _IDLE.search(line) for line in enforced.split("\n"))
