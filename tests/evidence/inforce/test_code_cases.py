"""The cases of a switch run where what it asks is no setting, or is the environment that they are for."""

from __future__ import annotations

import pytest

from orchestrator.evidence import classify
from orchestrator.evidence.inforce.code import judge_of
from tests.evidence.inforce.programs import PATHS

PYTHON = "shop/app.py"

# language and program, of which what stands between « and » is meant
IN_FORCE = [
    ("go", 'package a\nfunc main() { switch env { case "production": fallthrough\ncase "development": «a()» } }'),
    ("go", 'package a\nfunc main() { switch env { case "production", "staging": «a()» } }'),
    ("go", 'package a\nfunc main() { switch r.Method { case "GET": «a()» } }'),
    ("go", "package a\nfunc main() { switch { case x > 3: «a()» } }"),
    ("go", "package a\nfunc main() { switch x := v.(type) { case int: «a()» } }"),
    ("javascript", "switch (process.env.NODE_ENV) { case 'production': «a()»; break; default: b() }"),
    (
        "javascript",
        "switch (process.env.NODE_ENV) { case 'development': case 'production': «a()»; break; default: b() }",
    ),
    ("javascript", "switch (process.env.NODE_ENV) { case 'production': b(); case 'development': «a()»; break; }"),
    ("javascript", "switch (process.env.NODE_ENV) { case 'development': b(); break; default: «a()» }"),
    ("javascript", "switch (req.method) { case 'GET': «a()»; break; default: b() }"),
    ("javascript", "switch (action.type) { case 'login': «a()»; break; default: b() }"),
    ("javascript", "switch (mode) { case 'edit': «a()»; break; default: b() }"),
    ("javascript", "switch (event.data.env) { case 'development': «a()» }"),
    ("java", 'class A { void run() { switch (env) { case "dev": case "prod": «a()»; break; default: b(); } } }'),
    ("java", 'class A { void run() { switch (request.getMethod()) { case "GET" -> «a()»; default -> b(); } } }'),
    ("csharp", 'switch (env) { case "Development": b(); break; default: «a()»; break; }'),
    ("csharp", "switch (order.Status) { case Status.Paid: «a()»; break; }"),
    ("ruby", "case Rails.env\nwhen 'development' then b\nelse «a»\nend"),
    ("ruby", "case request.method\nwhen 'GET'\n «a()»\nend"),
    ("ruby", "if x\n  b()\nelse\n  «a()»\nend"),
    ("kotlin", 'fun main() { when (env) { "dev" -> b()\n else -> «a()» } }'),
    ("python", "import os\nmatch os.environ['APP_ENV']:\n    case 'development' | 'production':\n        «a()»\n"),
    (
        "python",
        "import os\nmatch os.environ['APP_ENV']:\n    case 'development':\n        b()\n    case _:\n        «a()»\n",
    ),
    ("python", "def f(request):\n    match request.method:\n        case 'GET':\n            «a()»\nf(1)\n"),
    ("python", "def f(x):\n    match x:\n        case [a, b]:\n            «a()»\nf(1)\n"),
    ("go", 'package a\nfunc main() { switch kind { case "json": «a()» } }'),
    ("go", 'package a\nconst store = "redis"\nfunc main() { switch store { case "redis": «a()» } }'),
    ("javascript", "switch (process.env.NODE_ENV) { case 'production': default: «a()» }"),
    ("javascript", "switch (user.mail.type) { case 'html': «a()» }"),
    (
        "python",
        "import os\nmatch os.environ['APP_ENV']:\n    case 'prod' if x():\n        b()\n    case _:\n        «a()»\n",
    ),
]

VOID = [
    ("go", 'package a\nfunc main() { switch os.Getenv("APP_ENV") { case "development": «a()» } }'),
    ("go", 'package a\nfunc main() { switch os.Getenv("APP_ENV") { case "production": b()\ndefault: «a()» } }'),
    ("javascript", "switch (process.env.NODE_ENV) { case 'production': b(); break; default: «a()» }"),
    ("javascript", "switch (process.env.NODE_ENV) { case 'development': «a()»; break; case 'production': b() }"),
    ("typescript", "switch (env.toLowerCase()) { case 'dev': { «a()»; break } }"),
    ("java", 'class A { void run() { switch (env) { case "dev": «a()»; break; default: b(); } } }'),
    ("csharp", 'switch (env) { case "Development": «a()»; break; default: b(); break; }'),
    ("ruby", "case Rails.env\nwhen 'development', 'test' then «a»\nelse b\nend"),
    ("php", "<?php switch ($env) { case 'development': «a()»; break; default: b(); }"),
    ("kotlin", 'fun main() { when (env) { "dev", "test" -> «a()»\n else -> b() } }'),
    ("kotlin", "fun main() { when { false -> «a()» } }"),
    ("python", "import os\nmatch os.environ['APP_ENV']:\n    case 'development':\n        «a()»\n"),
    (
        "python",
        "import os\nmatch os.environ['APP_ENV']:\n    case 'production':\n        b()\n    case _:\n        «a()»\n",
    ),
    ("go", 'package a\nconst store = "memory"\nfunc main() { switch store { case "redis": «a()» } }'),
]

UNKNOWN = [
    (
        "go",
        'package a\nfunc main() { switch strings.ToLower(logFormat) { case "json": «set(json)»\ndefault: b() } }',
    ),
    ("go", 'package a\nfunc main() { switch strings.ToLower(logFormat) { case "text": a()\ndefault: «b()» } }'),
    ("go", 'package a\nfunc main() { switch os.Getenv("LOG_FORMAT") { case "json": «log.SetFormatter()» } }'),
    (
        "go",
        'package a\nfunc main() { f := os.Getenv("LOG_FORMAT")\nswitch f { case "json": «log.SetFormatter()» } }',
    ),
    ("go", 'package a\nfunc main() { switch config.Log.Format { case "json": «log.SetFormatter()» } }'),
    ("javascript", "switch (config.store) { case 'redis': «a()»; break; default: b() }"),
    ("javascript", "switch (process.env.LOG_FORMAT) { case 'json': «a()» }"),
    ("java", 'class A { void run() { switch (System.getenv("STORE")) { case "redis" -> «a()»; default -> b(); } } }'),
    ("csharp", 'switch (config["Store"]) { case "redis": «a()»; break; }'),
    ("csharp", 'var x = config.Store switch { "redis" => «a()», _ => b() };'),
    ("ruby", "case ENV['STORE']\nwhen 'redis'\n «a()»\nend"),
    ("php", "<?php switch (getenv('STORE')) { case 'redis': «a()»; break; default: b(); }"),
    ("kotlin", 'fun main() { when (config.store) { "redis" -> «a()»\n else -> b() } }'),
    ("python", "import os\nmatch os.environ['STORE']:\n    case 'redis':\n        «a()»\n"),
    ("go", 'package a\nfunc main() { switch env { case "staging": «a()» } }'),
    ("javascript", "switch (config.on) { case true: «a()» }"),
    ("python", "import os\nmatch os.environ['STORE']:\n    case 'redis':\n        b()\n    case _:\n        «a()»\n"),
]


def judged(language: str, program: str) -> str:
    before, _, rest = program.partition("«")
    marked, _, after = rest.partition("»")
    path = PATHS.get(language, PYTHON)
    start = len(before.encode())
    judge = judge_of((before + marked + after).encode(), path, classify.language(path))
    force = judge.judge(start, start + len(marked.encode()))
    return "in force" if force else "void" if force.is_void else "unknown"


class TestCases:
    @pytest.mark.parametrize(("language", "program"), IN_FORCE)
    def test_run(self, language, program):
        """
        What a request or a thing decides runs, and so does what is for production, under whatever case it stands.
        """
        assert "in force" == judged(language, program)

    @pytest.mark.parametrize(("language", "program"), VOID)
    def test_do_not_run(self, language, program):
        """
        What is for development only is void, and what is for all but production.
        """
        assert "void" == judged(language, program)

    @pytest.mark.parametrize(("language", "program"), UNKNOWN)
    def test_cannot_be_told(self, language, program):
        """
        What a setting chooses may run or not, and so may what runs unless it chooses something else.
        """
        assert "unknown" == judged(language, program)
