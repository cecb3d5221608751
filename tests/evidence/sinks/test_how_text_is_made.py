"""Calls that are given text are found by syntax, and how their text is made is followed, in nine languages."""
# ruff: noqa: E501  # a table is read by its rows

from __future__ import annotations

import pytest

from orchestrator import Sinks
from orchestrator.evidence.reader import read_tree
from orchestrator.evidence.readers.sinks import SinksReader
from orchestrator.evidence.sinks import read
from orchestrator.evidence.tree import MemoryTree, SourceFile, entry

ROUTE = "@app.get('/x')\ndef x(n%s):\n    "
JAVA = "class R { Object f(%s) throws Exception {\n  %s\n  return null; } }\n"
KOTLIN = "class R {\n  fun f(%s) {\n    %s\n  }\n}\n"
GO = "package s\n\nfunc f(%s) {\n\t%s\n}\n"
PHP = "<?php\nfunction f($n) {\n  %s\n}\n"
CSHARP = "class R { object F(%s) {\n  %s\n  return null; } }\n"
RUBY = "class C < ApplicationController\n  def f(n)\n    %s\n  end\nend\n"


def told(path: str, text: str) -> list[tuple[str, str]]:
    """The kind and the making of each call that is found."""
    data = text.encode()
    return [(found.kind, found.how) for found in read(SourceFile(entry(path, len(data)), data))]


PYTHON: list[tuple[str, list[tuple[str, str]]]] = [
    ("cur.execute('SELECT a FROM b WHERE n = %s', (n,))", [("sql", "fixed")]),
    ("cur.execute('SELECT a FROM b WHERE n LIKE ' + \"'%%' || %s\", [n])", [("sql", "fixed")]),
    ("cur.execute(f\"SELECT a FROM b WHERE n = '{n}'\")", [("sql", "value")]),
    ("cur.execute('SELECT a FROM b WHERE n = ' + n)", [("sql", "value")]),
    ("cur.execute(\"SELECT a FROM b WHERE n = '%s'\" % n)", [("sql", "value")]),
    ("cur.execute(\"SELECT a FROM b WHERE n = '{}'\".format(n))", [("sql", "value")]),
    ("cur.execute('SELECT a FROM b WHERE n = %d' % n)", [("sql", "fixed")]),
    ("cur.execute(f'SELECT a FROM b WHERE n = {int(n)}')", [("sql", "fixed")]),
    ("cur.execute(f'SELECT a FROM b WHERE n = {len(n)}')", [("sql", "fixed")]),
    ("cur.execute(f'SELECT a FROM {n}')", [("sql", "untold")]),
    ("cur.execute(f'SELECT a FROM b WHERE n = {n.key}')", [("sql", "untold")]),
    ("cur.execute(f\"SELECT a FROM b WHERE n = '{n.name}'\")", [("sql", "value")]),
    ("cur.execute(f'SELECT a FROM b ORDER BY {request.args[\"by\"]}')", [("sql", "input")]),
    ("q = 'SELECT a FROM b'\n    q += f\" WHERE n = '{n}'\"\n    cur.execute(q)", [("sql", "value")]),
    ("q = 'SELECT a FROM b'\n    q += ' WHERE n = %s'\n    cur.execute(q, [n])", [("sql", "fixed")]),
    ("cur.execute('SELECT a FROM b')\n    q = f\"DELETE FROM b WHERE n = '{n}'\"", [("sql", "fixed")]),
    ("parts = ['a = 1']\n    parts.append(f\"n = '{n}'\")\n    cur.execute('SELECT a FROM b WHERE ' + ' AND '.join(parts))", [("sql", "value")]),
    ("marks = ', '.join(['%s'] * 3)\n    cur.execute(f'SELECT a FROM b WHERE n IN ({marks})', n)", [("sql", "fixed")]),
    ("for t in ('b', 'c'):\n        cur.execute(f'SELECT a FROM {t}')", [("sql", "fixed")]),
    ("for i in range(9):\n        cur.execute(f'SELECT a FROM b WHERE n = {i}')", [("sql", "fixed")]),
    ("if n not in NAMES:\n        abort(400)\n    cur.execute(f\"SELECT a FROM b WHERE n = '{n}'\")", [("sql", "untold")]),
    ("cur.execute(sql.SQL('SELECT a FROM {}').format(sql.Identifier(n)))", []),
    ("cur.execute(query)", [("sql", "untold")]),
    ("session.execute(select(User))", []),
    ("command.execute(n)", []),
    ("client.get(n)", []),
    ("log.info(f\"Update it, set where name = '{n}'\")", []),
    ("text(f\"SELECT a FROM b WHERE n = '{n}'\")", [("sql", "value")]),
    ("rows = Crate.objects.extra(where=['n = ' + request.GET['n']])", [("clause", "input")]),
    ("rows = Crate.objects.extra(where=['n = %s'], params=[n])", [("clause", "fixed")]),
    ("with connection.cursor() as c:\n        c.execute(BASE + request.GET['tail'])", [("sql", "input")]),
    ("eval(n)", [("code", "value")]),
    ("eval('1 + 1')", [("code", "fixed")]),
    ("df.eval(request.args['n'])", []),
    ("eval = walk\n    eval(request.args['n'])", []),
    ("subprocess.run('ping ' + request.args['n'], shell=True)", [("shell", "input")]),
    ("subprocess.run(['ping', request.args['n']])", []),
    ("open('/srv/' + secure_filename(request.args['n']))", [("file", "fixed")]),
    ("open(os.path.join('/srv', request.args['n']))", [("file", "input")]),
    ("redirect('/orders/' + request.args['n'])", [("address", "fixed")]),
    ("redirect(request.args.get('next'))", [("address", "input")]),
    ("redirect(pick(request.args.get('next')))", [("address", "untold")]),
    ("if is_safe(request.args['next']):\n        log()\n    redirect(request.args['next'])", [("address", "input")]),
    ("if not is_safe(request.args['next']):\n        return None\n    redirect(request.args['next'])", [("address", "untold")]),
    ("to = request.args['next']\n    if not is_safe(to):\n        to = '/'\n    redirect(to)", [("address", "untold")]),
    ("s = users.select().where(users.c.n == n)\n    conn.execute(s)", []),
    ("s = made(n)\n    conn.execute(s)", [("sql", "untold")]),
    ("requests.get({'url': request.args['n']})", []),
    ("data = request.get_json()\n    redirect(data['next'])", [("address", "input")]),
    ("if is_safe(request.args['next']):\n        redirect(request.args['next'])", [("address", "untold")]),
    ("if request.args['next']:\n        redirect(request.args['next'])", [("address", "input")]),
    ("requests.get(f'https://rates.example/{n}')", [("called", "fixed")]),
]  # fmt: skip


@pytest.mark.parametrize(("body", "expected"), PYTHON, ids=[body for body, _ in PYTHON])
def test_python(body: str, expected: list[tuple[str, str]]) -> None:
    """
    In Python a text is followed through the names of a function.
    """
    assert expected == told("shop/v.py", f"def f(n):\n    {body}\n")


ROUTES = [
    (ROUTE % ": str" + "return eval(n)\n", [("code", "input")]),
    (ROUTE % "" + "return eval(n)\n", [("code", "input")]),
    (ROUTE % ": float" + "return eval(n)\n", [("code", "fixed")]),
    (ROUTE % ": Order" + "return eval(n)\n", [("code", "value")]),
    ("@app.route('/x/<int:n>')\ndef x(n):\n    return eval(n)\n", [("code", "fixed")]),
    ("@cached('x')\ndef x(n):\n    return eval(n)\n", [("code", "value")]),
    ("from cel import eval\neval(request.args['n'])\n", []),
    ("def eval(n):\n    return n\n\n\neval(request.args['n'])\n", []),
    ("Q = 'SELECT a FROM b'\n\n\ndef f(cur):\n    cur.execute(Q + ' LIMIT 1')\n", [("sql", "fixed")]),
    ("from .queries import BASE\n\n\ndef f(cur):\n    cur.execute('SELECT a FROM ' + BASE)\n", [("sql", "untold")]),
    ("class A:\n    T = 'b'\n\n    def f(self, cur):\n        cur.execute(f'SELECT a FROM b WHERE n = {self.T}')\n", [("sql", "fixed")]),
    ("class A:\n    def f(self, cur, v):\n        self.T = v\n        cur.execute(f'SELECT a FROM b WHERE n = {self.T}')\n", [("sql", "untold")]),
    ("class A:\n    T = 'b'\n\n    def f(self, cur, v):\n        self.T = v\n        cur.execute(f'SELECT a FROM b WHERE n = {self.T}')\n", [("sql", "untold")]),
    ("def f(cur, cfg):\n    cur.execute(f'SELECT a FROM b WHERE n = {cfg.T}')\n", [("sql", "untold")]),
    ("def f(cur):\n    cur.execute(f'SELECT a FROM b WHERE n = {Config.T}')\n", [("sql", "fixed")]),
    ("class A:\n    def f(self, cur):\n        cur.execute(f\"SELECT a FROM b WHERE n = '{self.n}'\")\n", [("sql", "untold")]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), ROUTES, ids=[text for text, _ in ROUTES])
def test_modules_of_python(text: str, expected: list[tuple[str, str]]) -> None:
    """
    What a module is given by a request, has from elsewhere or defines itself decides what its calls are.
    """
    assert expected == told("shop/v.py", text)


SCRIPTS: list[tuple[str, list[tuple[str, str]]]] = [
    ("pool.query('SELECT a FROM b WHERE n = $1', [n])", [("sql", "fixed")]),
    ("pool.query(`SELECT a FROM b WHERE n = ${n}`)", [("sql", "value")]),
    ("pool.query('SELECT a FROM b WHERE n = ' + Number(n))", [("sql", "fixed")]),
    ("pool.query({ text: `SELECT a FROM b WHERE n = '${n}'` })", [("sql", "value")]),
    ("const q = 'SELECT a FROM b WHERE n = ' + req.params.id\n  pool.query(q)", [("sql", "input")]),
    ("const { id } = req.params\n  pool.query('SELECT a FROM b WHERE n = ' + id)", [("sql", "input")]),
    ("const [id] = names\n  pool.query('SELECT a FROM b WHERE n = ' + id)", [("sql", "untold")]),
    ("let q = 'SELECT a FROM b'\n  q += ` WHERE n = '${n}'`\n  pool.query(q)", [("sql", "value")]),
    ("const w = ['a = 1']\n  w.push(`n = '${n}'`)\n  pool.query('SELECT a FROM b WHERE ' + w.join(' AND '))", [("sql", "value")]),
    ("if (!NAMES.includes(n)) return\n  pool.query(`SELECT a FROM b WHERE n = '${n}'`)", [("sql", "untold")]),
    ("sql`SELECT a FROM b WHERE n = ${n}`", [("sql", "fixed")]),
    ("prisma.$queryRaw`SELECT a FROM b WHERE n = ${n}`", [("sql", "fixed")]),
    ("prisma.$queryRaw<Row>`SELECT a FROM b WHERE n = ${n}`", [("sql", "fixed")]),
    ("css`width: ${n}`", []),
    ("qb.andWhere(`c.n = '${n}'`)", [("clause", "value")]),
    ("qb.andWhere('c.n = :n', { n })", [("clause", "fixed")]),
    ("store.where('n', '==', n)", [("clause", "fixed")]),
    ("array.all(n)", []),
    ("eval(req.body.n)", [("code", "input")]),
    ("this.eval(req.body.n)", []),
    ("new Function(req.body.n)", [("code", "input")]),
    ("exec('ping ' + req.query.n)", []),
    ("res.sendFile(path.join('/srv', req.params.n))", [("file", "input")]),
    ("res.sendFile(req.params.n, { root: '/srv' })", []),
    ("res.sendFile(path.basename(req.params.n))", [("file", "fixed")]),
    ("res.redirect(301, req.query.n)", [("address", "input")]),
    ("res.redirect(req.query.n || '/')", [("address", "input")]),
    ("res.redirect(`/x/${req.query.n}`)", [("address", "fixed")]),
    ("res.render('done', req.body)", [("options", "input")]),
    ("res.render('done', { n: req.body.n })", []),
]  # fmt: skip


@pytest.mark.parametrize("path", ["src/v.ts", "src/v.js"])
@pytest.mark.parametrize(("body", "expected"), SCRIPTS, ids=[body for body, _ in SCRIPTS])
def test_scripts(body: str, expected: list[tuple[str, str]], path: str) -> None:
    """
    In JavaScript and TypeScript as well, where templates with a tag bind what is put in.
    """
    if "<Row>" in body and path.endswith("js"):
        body = body.replace("<Row>", "")
    assert expected == told(path, f"function f(n, req, res) {{\n  {body}\n}}\n")


def test_a_command_is_known_by_where_it_comes_from() -> None:
    """
    A plain exec runs a command where it is Node's.
    """
    call = "exec('ping ' + req.query.n)\n"

    assert [("shell", "input")] == told("src/v.js", "const { exec } = require('child_process')\n" + call)
    assert [("shell", "input")] == told("src/v.ts", "import { exec } from 'node:child_process'\n" + call)
    assert [] == told("src/v.ts", "import { exec } from './pipeline'\n" + call)


def test_a_type_that_is_a_number() -> None:
    """
    What is declared to be a number is one.
    """
    query = "pool.query('SELECT a FROM b WHERE n = ' + n)"

    assert [("sql", "fixed")] == told("src/v.ts", f"const f = (n: number) => {query}\n")
    assert [("sql", "value")] == told("src/v.ts", f"const f = (n: string) => {query}\n")


OTHERS: list[tuple[str, str, list[tuple[str, str]]]] = [
    ("a.rb", RUBY % "Crate.where(\"n = '#{n}'\")", [("clause", "value")]),
    ("a.rb", RUBY % "where(\"n = #{params[:n]}\")", [("clause", "input")]),
    ("a.rb", RUBY % "Crate.where('n = ?', n)", [("clause", "fixed")]),
    ("a.rb", RUBY % "Crate.where(n: n)", []),
    ("a.rb", RUBY % "Crate.where([\"n = '#{n}'\"])", [("clause", "value")]),
    ("a.rb", RUBY % "Crate.joins(\"JOIN b ON k = #{params[:k]}\")", [("clause", "input")]),
    ("a.rb", RUBY % "Crate.order(\"#{n} desc\")", [("clause", "untold")]),
    ("a.rb", RUBY % "Crate.where(\"n = #{n.to_i}\")", [("clause", "fixed")]),
    ("a.rb", RUBY % "Crate.where(\"n = '#{other}'\")", [("clause", "untold")]),
    ("a.rb", RUBY % "c.execute <<~SQL\n      SELECT a FROM b WHERE n = '#{n}'\n    SQL", [("sql", "value")]),
    ("a.rb", RUBY % "c.execute <<~SQL\n      SELECT a FROM b\n    SQL", [("sql", "fixed")]),
    ("a.rb", RUBY % "`ping #{params[:n]}`", [("shell", "input")]),
    ("a.rb", RUBY % "system('ping', params[:n])", []),
    ("a.rb", RUBY % "redirect_to(params[:n])", [("address", "input")]),
    ("a.rb", RUBY % "redirect_to order_path(n)", [("address", "untold")]),
    ("a.rb", RUBY % "redirect_to params[:n], allow_other_host: false", []),
    ("R.java", JAVA % ("String n", "em.createQuery(\"from C c where c.n = '\" + n + \"'\");"), [("sql", "value")]),
    ("R.java", JAVA % ("int n", 'em.createQuery("from C c where c.n = " + n);'), [("sql", "fixed")]),
    ("R.java", JAVA % ("String n", 'em.createQuery("from C c where c.n = :n").setParameter("n", n);'), [("sql", "fixed")]),
    ("R.java", JAVA % ("@RequestParam String n", 'em.createQuery("from C c where c.n = " + n);'), [("sql", "input")]),
    ("R.java", JAVA % ("String n", 'st.executeQuery(String.format("SELECT a FROM b WHERE n = %s", n));'), [("sql", "value")]),
    ("R.java", JAVA % ("String n", 'var b = new StringBuilder("SELECT a FROM b WHERE n = ");\n  b.append(n);\n  st.execute(b.toString());'), [("sql", "value")]),
    ("R.java", JAVA % ("String n", 'var b = new StringBuilder("SELECT a FROM b");\n  b.append(" LIMIT 1");\n  st.execute(b.toString());'), [("sql", "fixed")]),
    ("R.java", JAVA % ("HttpServletRequest request", 'new ProcessBuilder("sh", "-c", request.getParameter("n"));'), [("shell", "input")]),
    ("R.java", JAVA % ("HttpServletRequest request", 'new ProcessBuilder("ping", request.getParameter("n"));'), []),
    ("R.kt", KOTLIN % ("n: String", "em.createQuery(\"from C c where c.n = '$n'\")"), [("sql", "value")]),
    ("R.kt", KOTLIN % ("n: String", "em.createQuery(\"from C c where c.n = '${n}'\")"), [("sql", "value")]),
    ("R.kt", KOTLIN % ("n: Int", 'em.createQuery("from C c where c.n = $n")'), [("sql", "fixed")]),
    ("R.kt", KOTLIN % ("@RequestParam n: String", "response.sendRedirect(n)"), [("address", "input")]),
    ("a.go", GO % ("n string", "db.Query(\"SELECT a FROM b WHERE n = $1\", n)"), [("sql", "fixed")]),
    ("a.go", GO % ("n string", "db.QueryContext(ctx, \"SELECT a FROM b WHERE n = '\"+n+\"'\")"), [("sql", "value")]),
    ("a.go", GO % ("n int", 'db.Query(fmt.Sprintf("SELECT a FROM b WHERE n = %v", n))'), [("sql", "fixed")]),
    ("a.go", GO % ("n string", 'db.Query(fmt.Sprintf("SELECT a FROM b WHERE n = %d", n))'), [("sql", "fixed")]),
    ("a.go", GO % ("n string", 'where := []string{"a = 1"}\n\twhere = append(where, "n = ?")\n\tdb.Query("SELECT a FROM b WHERE "+strings.Join(where, " AND "), n)'), [("sql", "fixed")]),
    ("a.go", GO % ("n string", 'where := []string{"a = 1"}\n\twhere = append(where, "n = \'"+n+"\'")\n\tdb.Query("SELECT a FROM b WHERE "+strings.Join(where, " AND "))'), [("sql", "value")]),
    ("a.go", GO % ("r *http.Request", 'exec.Command("sh", "-c", "ping "+r.URL.Query().Get("h")).Run()'), [("shell", "input")]),
    ("a.go", GO % ("r *http.Request", 'exec.Command("ping", r.URL.Query().Get("h")).Run()'), []),
    ("a.go", GO % ("n string", "stmt.Exec(n)"), []),
    ("a.rb", RUBY % "redirect_to(params[:n]) if allowed?(params[:n])", [("address", "untold")]),
    ("a.go", GO % ("r *http.Request", "client.Get(r.URL.Path)"), []),
    ("a.php", PHP % "DB::select(\"SELECT a FROM b WHERE n = '$n'\");", [("sql", "value")]),
    ("a.php", PHP % "DB::select('SELECT a FROM b WHERE n = ?', [$n]);", [("sql", "fixed")]),
    ("a.php", PHP % "$q = 'SELECT a FROM b WHERE n = ' . $_GET['n'];\n  $pdo->query($q);", [("sql", "input")]),
    ("a.php", PHP % "mysqli_query($c, 'SELECT a FROM b WHERE n = ' . intval($n));", [("sql", "fixed")]),
    ("a.php", PHP % "$q->whereRaw('n = ' . $n);", [("clause", "value")]),
    ("a.php", PHP % "system('ping ' . escapeshellarg($_GET['n']));", [("shell", "fixed")]),
    ("R.cs", CSHARP % ("string n", "db.C.FromSqlRaw($\"SELECT a FROM b WHERE n = '{n}'\");"), [("sql", "value")]),
    ("R.cs", CSHARP % ("int n", 'db.C.FromSqlRaw($"SELECT a FROM b WHERE n = {n}");'), [("sql", "fixed")]),
    ("R.cs", CSHARP % ("string n", 'db.C.FromSqlInterpolated($"SELECT a FROM b WHERE n = {n}");'), []),
    ("R.cs", CSHARP % ("string n", 'new SqlCommand(string.Format("SELECT a FROM b WHERE n = {0}", n), c);'), [("sql", "value")]),
]  # fmt: skip


@pytest.mark.parametrize(("path", "text", "expected"), OTHERS, ids=[f"{path}: {text}" for path, text, _ in OTHERS])
def test_other_languages(path: str, text: str, expected: list[tuple[str, str]]) -> None:
    """
    In each language by its own way of putting text together.
    """
    assert expected == told(path, text)


class TestTheFact:
    def of(self, files: dict[str, str]) -> Sinks:
        fact = read_tree(MemoryTree(files), [SinksReader()])[Sinks]
        assert isinstance(fact, Sinks)
        return fact

    def test_counts_what_is_fixed(self):
        """
        Calls whose text is fixed are counted; of the others each is told, and of queries all lines.
        """
        fact = self.of({"a.py": "cur.execute('SELECT 1')\ncur.execute(query)\neval('1')\n"})

        assert {"code": 1, "sql": 1} == fact.fixed
        assert [("sql", "cur.execute", "a.py", 2, "untold", "query")] == [
            (s.kind, s.call, s.file, s.line, s.how, s.says) for s in fact.sinks
        ]
        assert {"a.py": (1, 2)} == fact.looked

    def test_what_does_not_run_is_set_aside(self):
        """
        A call behind a condition that never holds is set aside; behind an open one it cannot be told.
        """
        void = self.of({"a.py": "if False:\n    eval(request.args['n'])\n"})
        untold = self.of({"a.py": "import os\nif os.getenv('X'):\n    eval(request.args['n'])\n"})

        assert () == void.sinks
        assert ["a.py"] == [aside.path for aside in void.aside]
        assert ["untold"] == [sink.how for sink in untold.sinks]

    def test_tests_are_not_read(self):
        """
        Nor is what is no program.
        """
        assert () == self.of({"tests/test_a.py": "eval(request.args['n'])\n", "a.md": "eval(n)\n"}).sinks

    def test_what_cannot_be_parsed_is_a_problem(self):
        """
        A file with words for such calls whose syntax cannot be read is named; one without is not.
        """
        fact = self.of({"a.py": "cur.execute(\n", "b.py": "def (\n"})

        assert ["a.py"] == [problem.path for problem in fact.problems]
