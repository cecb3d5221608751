"""What judges touches nothing: every effect goes through the door, in the code as it is written and while it runs."""

from __future__ import annotations

import ast
import asyncio
import json
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import orchestrator
from orchestrator.commands.review import review
from orchestrator.planning.plan import Request
from tests.house.effects import effects, words
from tests.repositories import SHOP, repository

ROOT = Path(__file__).parents[2]

HELD = (
    "agents/**/*.py",
    "orchestrator/domain/*.py",
    "orchestrator/formats/*.py",
    "orchestrator/formats/tokens/*.py",
    "orchestrator/report/*.py",
    "orchestrator/evidence/facts/*.py",
    "orchestrator/evidence/readers/*.py",
    "orchestrator/evidence/readers/ci/*.py",
    "orchestrator/evidence/anywhere.py",
    "orchestrator/evidence/borne_out.py",
    "orchestrator/host/late.py",
    "orchestrator/evidence/skipped.py",
    "orchestrator/evidence/declaring.py",
    "orchestrator/evidence/asides.py",
    "orchestrator/evidence/settled.py",
    "orchestrator/evidence/inforce/**/*.py",
    "orchestrator/evidence/ignoring/*.py",
    "orchestrator/evidence/asked.py",
    "orchestrator/evidence/works/*.py",
    "orchestrator/evidence/ci_systems.py",
    "orchestrator/evidence/cases.py",
    "orchestrator/evidence/judged.py",
    "orchestrator/evidence/credentials.py",
    "orchestrator/evidence/kept_secret.py",
    "orchestrator/evidence/stated.py",
    "orchestrator/evidence/falling_back.py",
    "orchestrator/evidence/scanner/hit.py",
    "orchestrator/evidence/scanner/unread.py",
    "orchestrator/evidence/scanner/weighing.py",
    "orchestrator/evidence/ddl/*.py",
    "orchestrator/evidence/migrations/*.py",
    "orchestrator/evidence/schemas/*.py",
    "orchestrator/contract/_lineage.py",
    "orchestrator/contract/agent.py",
    "orchestrator/contract/checks.py",
    "orchestrator/contract/grounds.py",
    "orchestrator/conclusion/derivations.py",
    "orchestrator/engine/job.py",
    "orchestrator/audit/diff/*.py",
    "orchestrator/contract/databases.py",
    "orchestrator/errors.py",
    "orchestrator/redaction/*.py",
    "orchestrator/contract/inventories.py",
    "orchestrator/contract/recovering.py",
    "orchestrator/contract/looking.py",
    "orchestrator/contract/ignoring.py",
    "orchestrator/contract/released.py",
    "orchestrator/contract/repositories.py",
    "orchestrator/contract/unjudged.py",
    "orchestrator/estate/*.py",
    "orchestrator/sealed/*.py",
    "orchestrator/audit/what_if.py",
    "orchestrator/judging/*.py",
    "orchestrator/conclusion/ages.py",
    "orchestrator/conclusion/basis.py",
    "orchestrator/conclusion/conclude.py",
    "orchestrator/engine/gate.py",
    "orchestrator/conclusion/state.py",
    "orchestrator/conclusion/judgement.py",
    "orchestrator/conclusion/narrowing.py",
    "orchestrator/conclusion/terms.py",
    "orchestrator/engine/task.py",
    "orchestrator/engine/work.py",
    "orchestrator/evidence/_phrases.py",
    "orchestrator/evidence/classify.py",
    "orchestrator/evidence/keeping.py",
    "orchestrator/evidence/languages.py",
    "orchestrator/evidence/inforce/*.py",
    "orchestrator/evidence/inforce/code/*.py",
    "orchestrator/evidence/inforce/code/python/*.py",
    "orchestrator/evidence/naming.py",
    "orchestrator/evidence/parsing.py",
    "orchestrator/evidence/paths.py",
    "orchestrator/evidence/putaside.py",
    "orchestrator/evidence/asides.py",
    "orchestrator/evidence/reader.py",
    "orchestrator/evidence/related.py",
    "orchestrator/evidence/routing/**/*.py",
    "orchestrator/evidence/sinks/**/*.py",
    "orchestrator/evidence/kind_signals.py",
    "orchestrator/evidence/sections.py",
    "orchestrator/evidence/shapes.py",
    "orchestrator/evidence/stages.py",
    "orchestrator/evidence/texts.py",
    "orchestrator/evidence/tree.py",
    "orchestrator/llm/grounding.py",
    "orchestrator/llm/model.py",
    "orchestrator/llm/second_look.py",
    "orchestrator/catalogue/condition.py",
    "orchestrator/journal/event.py",
    "orchestrator/journal/foreign.py",
    "orchestrator/journal/kinds.py",
    "orchestrator/journal/known.py",
    "orchestrator/journal/manifest.py",
    "orchestrator/vocabulary/*.py",
    "orchestrator/workflow/*.py",
)
"""What judges, what it judges by, and what it says; facts as well, since agents call their methods."""

ALLOWED = {
    ("orchestrator/domain/ground.py", "hash"): "what stands once in a set; its order is not asked for",
    ("agents/**", ".open()"): "a manifest's question whether a value is known, no file",
    ("orchestrator/evidence/inforce/cluster.py", ".open()"): "likewise",
    ("orchestrator/evidence/inforce/workloads.py", ".open()"): "likewise",
    ("orchestrator/contract/agent.py", "import traceback"): "a crash shows lines of this program",
    ("orchestrator/contract/agent.py", "traceback.format_exception"): "likewise",
    ("orchestrator/contract/_lineage.py", "import linecache"): "a check's version is a digest of its own source",
    ("orchestrator/contract/_lineage.py", "linecache.getlines"): "likewise",
    ("orchestrator/contract/_lineage.py", ".__code__"): "likewise",
    ("orchestrator/contract/_lineage.py", ".__closure__"): "a check's version follows what its source names",
    ("orchestrator/contract/_lineage.py", ".__globals__"): "likewise",
    (
        "orchestrator/engine/work.py",
        "asyncio.get_running_loop",
    ): "the time that is left for a model; its answer is a step",
    ("orchestrator/engine/work.py", ".time()"): "likewise",
    (
        "orchestrator/evidence/reader.py",
        "import traceback",
    ): "a mistake of a reader is logged with lines of this program",
    ("orchestrator/evidence/reader.py", "traceback.format_exception"): "likewise",
    (
        "orchestrator/evidence/readers/ci/__init__.py",
        "from importlib import import_module",
    ): "a dialect is the module of its system's name",
    ("orchestrator/evidence/parsing.py", "import importlib"): "a grammar is the package that its row names",
    ("orchestrator/evidence/parsing.py", "importlib.import_module"): "likewise",
    ("orchestrator/report/html.py", "from importlib import resources"): "templates are part of this program",
    ("orchestrator/report/html.py", "importlib.resources.files"): "likewise",
    ("orchestrator/report/html.py", ".read_text()"): "likewise",
    ("orchestrator/sealed/html.py", "from importlib import resources"): "templates are part of this program",
    ("orchestrator/sealed/html.py", "importlib.resources.files"): "likewise",
    ("orchestrator/sealed/html.py", ".read_text()"): "likewise",
    ("orchestrator/report/progress.py", "from rich.live import Live"): "redraws on the console that it is handed",
    ("orchestrator/audit/what_if.py", "from pathlib import Path"): "the file of other rules, which the question names",
    ("orchestrator/vocabulary/compiled.py", "from pathlib import Path"): "words are part of this program",
    ("orchestrator/vocabulary/compiled.py", ".read_bytes()"): "likewise",
    ("orchestrator/vocabulary/places.py", "from pathlib import Path"): "words are part of this program",
    ("orchestrator/vocabulary/places.py", ".read_bytes()"): "likewise",
    ("orchestrator/vocabulary/reading.py", "from pathlib import Path"): "words are part of this program",
    ("orchestrator/vocabulary/reading.py", ".is_file()"): "likewise",
    ("orchestrator/vocabulary/reading.py", ".glob()"): "likewise",
    ("orchestrator/vocabulary/reading.py", ".read_bytes()"): "likewise",
    ("orchestrator/workflow/shipped.py", "from importlib import resources"): "workflows are part of this program",
    ("orchestrator/workflow/shipped.py", "importlib.resources.files"): "likewise",
    ("orchestrator/workflow/shipped.py", "from pathlib import Path"): "likewise",
    ("orchestrator/workflow/shipped.py", ".is_dir()"): "likewise",
    ("orchestrator/workflow/shipped.py", ".iterdir()"): "likewise",
    ("orchestrator/workflow/shipped.py", ".read_bytes()"): "likewise",
}
"""Effect by file (or pattern) and why it is none of the world's; each must still be there."""

DOORS = {
    ("vocabulary/reading", "host/kept"): "what is made of files of words is kept beside them",
    ("conclusion/conclude", "journal/record"): "the record, which is handed in",
    ("conclusion/state", "journal/record"): "likewise",
    ("conclusion/terms", "journal/record"): "likewise",
    ("conclusion/state", "journal/steps"): "where in the record answers stand",
    ("contract/checks", "evidence/makers"): "what makes a fact is part of this program",
    ("engine/work", "engine/asking"): "asks a model through the door",
    ("engine/work", "engine/effects"): "acts through the door",
    ("engine/work", "engine/quoting"): "quotes through the door",
    ("engine/work", "engine/doorway"): "the door itself, wherever the run is",
    ("engine/work", "llm/prompts"): "prompts are part of this program",
    ("evidence/inforce/code/syntax", "evidence/trial"): "a parser is tried out apart from what it could bring down",
    ("evidence/readers/secrets", "evidence/scanner/apart"): "rules of others are asked apart from what they bring down",
    ("evidence/reader", "logs"): "diagnostics for those who debug gonogo; nothing is judged by them",
    ("journal/kinds", "journal/lock"): "what the record says of who drove a run",
    ("llm/second_look", "llm/prompts"): "prompts are part of this program",
    ("contract/checks", "catalogue/loader"): "the catalogue is part of this program",
    ("audit/what_if", "identities/__init__"): "takes everybody at his word",
    ("audit/what_if", "config"): "makes sense of the file of other rules",
    ("audit/what_if", "host/files"): "the file of other rules, which the question names",
    ("audit/what_if", "planning/roster"): "agents are part of this program",
    ("audit/what_if", "journal/record"): "the record, which is handed in",
    ("audit/what_if", "rules/__init__"): "lays the file's rules over the recorded ones",
}
"""Who may lean on what of the rest of the house, and why; each must still do."""


def _files() -> dict[str, Path]:
    return {str(f.relative_to(ROOT)): f for pattern in HELD for f in sorted(ROOT.glob(pattern))}


FILES = _files()


def _room(file: str) -> str:
    return file.removeprefix("orchestrator/").removesuffix(".py")


def _excuse(file: str, what: str) -> tuple[str, str] | None:
    pattern = f"{file.partition('/')[0]}/**"
    return next((key for key in ((file, what), (pattern, what)) if key in ALLOWED), None)


@cache
def found_effects() -> list[tuple[str, int, str]]:
    """(file, line, what) of every effect there is."""
    return [(file, *effect) for file, path in FILES.items() for effect in effects(path.read_text())]


@cache
def house(file: str) -> frozenset[str]:
    """The files of the house that *file* imports relatively."""
    found = set()
    for node in ast.walk(ast.parse(FILES[file].read_text())):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = FILES[file].parents[node.level - 1].joinpath(*(node.module or "").split("."))
            one = base.with_suffix(".py")
            several = [base / f"{alias.name}.py" for alias in node.names]
            here = [one] if one.is_file() else [path if path.is_file() else base / "__init__.py" for path in several]
            found |= {str(path.relative_to(ROOT)) for path in here}
    return frozenset(found - {"orchestrator/__init__.py"})


class TestTheCode:
    def test_touches_nothing(self):
        """
        No file, command, clock, chance, environment, network or thread is reached for, under whatever name.
        """
        found = [f"{file}:{line}: {what}" for file, line, what in found_effects() if _excuse(file, what) is None]

        assert [] == found

    def test_leans_on_nothing_that_does(self):
        """
        Nor is it left to another module of the house, but for the doors; each of those is still gone through.
        """
        assert set(DOORS) == {(_room(file), _room(other)) for file in FILES for other in house(file) - FILES.keys()}

    def test_the_front_door_leads_to_nothing_else(self):
        """
        Every name that an agent can import comes from a module that is held to this as well.
        """
        modules = {f"orchestrator/{module.replace('.', '/')}.py" for module in orchestrator._HOME}

        assert set() == modules - FILES.keys()

    def test_no_excuse_is_stale(self):
        """
        What is allowed is still done.
        """
        assert set(ALLOWED) == {_excuse(file, what) for file, _, what in found_effects()} - {None}


NETWORK = {
    "audit/signing/_asking.py": "a timestamp authority, which the command names",
    "evidence/live/http.py": "the one door through which evidence is fetched",
    "llm/provider.py": "a model, which the command names",
}
"""Who opens connections to others, and to whom."""
_CONNECTING = frozenset(
    words(
        "aiohttp anthropic ftplib http httpcore2 httpx httpx2 imaplib poplib requests smtplib socketserver ssl urllib3"
    )
)
_SOCKETS = frozenset(words("AF_INET AF_INET6 create_connection getaddrinfo gethostbyname urlopen"))


def connecting(source: str) -> bool:
    """Whether *source* imports or calls what connects to other machines."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import) and any(
            alias.name.partition(".")[0] in _CONNECTING or alias.name == "urllib.request" for alias in node.names
        ):
            return True
        if isinstance(node, ast.ImportFrom) and not node.level:
            module = node.module or ""
            if module.partition(".")[0] in _CONNECTING or module == "urllib.request":
                return True
        if isinstance(node, ast.Attribute) and node.attr in _SOCKETS:
            return True
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("open_connection") and node.args:
            return True  # without a host it goes over a line that is there
    return False


class TestTheNetwork:
    def test_has_one_door_for_evidence(self):
        """
        Nothing of the house connects to other machines but these, whatever else of it touches the world.
        """
        package = ROOT / "orchestrator"
        files = [*package.rglob("*.py"), *(ROOT / "agents").rglob("*.py")]
        found = {
            f.relative_to(package if package in f.parents else ROOT).as_posix()
            for f in files
            if connecting(f.read_text())
        }

        assert NETWORK.keys() == found

    @pytest.mark.parametrize(
        "source",
        [
            "import httpx2",
            "from http.client import HTTPConnection",
            "import urllib.request",
            "import socket\nsocket.create_connection(('a', 1))",
            "import socket\nsocket.socket(socket.AF_INET)",
            "import asyncio\nasyncio.open_connection('a', 1)",
        ],
    )
    def test_sees(self, source):
        """
        Each way past it is found.
        """
        assert connecting(source)


PLANTED = {
    "module": "import os",
    "alias": "import os as o\no.remove('x')",
    "submodule": "import os.path",
    "from": "from os import environ",
    "from-alias": "from subprocess import run as r",
    "inside": "def f():\n    import socket",
    "star": "from re import *",
    "by-way-of": "import re\nre.sys.stdin",
    "by-way-of-from": "from dataclasses import sys",
    "class-subclasses": "from enum import Enum\nEnum.__subclasses__()",
    "foreign": "import requests",
    "unheard-of": "import a_package_of_tomorrow",
    "time": "import time",
    "random": "import random",
    "secrets": "from secrets import token_hex",
    "uuid": "import uuid",
    "urllib": "from urllib.request import urlopen",
    "urllib-late": "import urllib.parse\nurllib.request.urlopen('x')",
    "asyncio": "import asyncio\nasync def f():\n    await asyncio.sleep(1)",
    "thread": "from asyncio import to_thread",
    "process": "import asyncio\nasyncio.create_subprocess_exec('ls')",
    "stdin": "import sys\nsys.stdin.read()",
    "logging": "import logging",
    "structlog": "import structlog",
    "locale": "import locale",
    "platform": "import platform",
    "getpass": "import getpass",
    "tempfile": "import tempfile",
    "shutil": "import shutil",
    "importlib": "import importlib\nimportlib.import_module('os')",
    "builtins": "import builtins",
    "io": "import io",
    "open": "open('x')",
    "open-renamed": "o = open\no('x')",
    "open-default": "def f(open=open):\n    return open('x')",
    "open-mapped": "map(open, names)",
    "open-lambda": "f = lambda path: open(path)",
    "print": "print('x')",
    "input": "input()",
    "eval": "eval('1')",
    "exec": "exec('import os')",
    "compile": "compile('1', 'x', 'eval')",
    "dunder-import": "__import__('os')",
    "dunder-builtins": "__builtins__['open']",
    "globals": "globals()['__builtins__']",
    "hash": "hash('x')",
    "subclasses": "().__class__.__base__.__subclasses__()",
    "function-globals": "f.__globals__['os']",
    "getattr": "getattr(path, 'read_text')()",
    "methodcaller": "from operator import methodcaller\nmethodcaller('read_text')",
    "now": "from datetime import datetime\ndatetime.now()",
    "now-alias": "from datetime import datetime as d\nd.now()",
    "now-module": "import datetime as dt\ndt.datetime.utcnow()",
    "now-renamed": "from datetime import datetime\nd = datetime\nd.now()",
    "now-uncalled": "from datetime import datetime\nclock = datetime.now",
    "now-instance": "from datetime import date\ndate(2026, 1, 1).today()",
    "today": "from datetime import date\ndate.today()",
    "whole": "import datetime\nf(datetime)",
    "zone": "from datetime import datetime\ndatetime.fromtimestamp(0)",
    "zone-convert": "from datetime import datetime\ndatetime.fromisoformat(x).astimezone()",
    "path": "from pathlib import Path",
    "path-module": "import pathlib\npathlib.Path('x')",
    "read-text": "path.read_text()",
    "open-method": "path.open()",
    "iterdir": "list(folder.iterdir())",
    "exists": "if path.exists(): pass",
    "glob": "sorted(path.glob('*'))",
    "stat": "path.stat().st_mtime",
    "unlink": "path.unlink()",
    "handed-clock": "self.clock.now()",
    "loop-time": "loop.time()",
    "inspect": "from inspect import getsource",
    "inspect-frame": "import inspect\ninspect.currentframe()",
    "frame": "error.__traceback__.tb_frame.f_globals",
    "posixpath": "import posixpath\nposixpath.exists('x')",
    "json-load": "import json\njson.load(file)",
    "hash-file": "import hashlib\nhashlib.file_digest(file, 'sha256')",
    "console": "from rich.console import Console\nConsole().print('x')",
    "rich-print": "from rich import print",
    "jinja-files": "from jinja2 import FileSystemLoader",
    "pydantic-files": "from pydantic import FilePath",
}

INNOCENT = {
    "date": "from datetime import date\ndate.fromisoformat('2026-01-01')",
    "datetime": "from datetime import datetime\ndatetime.fromisoformat(x).astimezone(UTC)",
    "datetime-module": "import datetime\ndatetime.datetime.fromisoformat(x)",
    "zoned": "from datetime import UTC, datetime\ndatetime.fromtimestamp(0, UTC)",
    "difference": "from datetime import timedelta\ntimedelta(seconds=1).total_seconds()",
    "purepath": "from pathlib import PurePosixPath\nPurePosixPath('a/b').name",
    "posixpath": "import posixpath\nposixpath.join('a', 'b')",
    "join": "''.join(['a'])",
    "compile": "import re\nre.compile('a').match('b')",
    "urllib": "import urllib.parse\nurllib.parse.quote('a b')",
    "urllib-from": "from urllib.parse import quote",
    "json": "import json\njson.loads('1')",
    "sha256": "import hashlib\nhashlib.sha256(b'').hexdigest()",
    "parse": "import ast\nast.walk(ast.parse('1', mode='eval'))",
    "replace": "'a'.replace('b', 'c').format(1)",
    "own-name": "def f(items):\n    for input in items:\n        yield input",
    "own-argument": "def f(print):\n    return print",
    "field": "class Gate:\n    open: bool\n\ndef f(gate):\n    return gate.open",
    "console": "from rich.console import Console\ndef f(console: Console): console.size",
    "text": "from rich.text import Text\nText('a').append('b')",
    "getattr": "getattr(self, 'passed')",
    "house": "from orchestrator import Agent",
    "example": "Example('clock', {'a.py': 'import time, os\\nopen(1)\\n'})",
}


class TestTheReader:
    @pytest.mark.parametrize("source", PLANTED.values(), ids=PLANTED)
    def test_finds(self, source):
        """
        A way to touch the world, whatever it is called.
        """
        assert effects(source)

    @pytest.mark.parametrize("source", INNOCENT.values(), ids=INNOCENT)
    def test_lets_be(self, source):
        """
        What only looks like one.
        """
        assert [] == effects(source)

    def test_names_the_line(self):
        """
        Line and name of each.
        """
        found = effects("import re\n\nimport os as o\n\n\ndef f():\n    return o.environ['A'], open('x')\n")

        assert [(3, "import os"), (7, "open"), (7, "os.environ")] == found


DONE = {
    "open": ("open('/etc/hostname')", "open '/etc/hostname'"),
    "open-relative": ("open('README.md')", "open 'README.md'"),
    "read-text": ("from pathlib import Path\nPath('/etc/hostname').read_text()", "open '/etc/hostname'"),
    "write": ("open(__import__('orchestrator').__file__, 'a')", "open "),
    "os-open": ("import os\nos.open('/tmp', os.O_RDONLY)", "open '/tmp'"),
    "listdir": ("import os\nos.listdir('/')", "os.listdir '/'"),
    "scandir": ("import os\nlist(os.scandir('/'))", "os.scandir '/'"),
    "exists": ("from pathlib import Path\nPath('/etc').exists()", "os.stat"),
    "remove": ("import os\nos.remove('/nonexistent')", "os.remove"),
    "rename": ("import os\nos.rename('/nonexistent', '/nonexistent2')", "os.rename"),
    "mkdir": ("import os\nos.mkdir('/nonexistent/x')", "os.mkdir"),
    "chdir": ("import os\nos.chdir('/')", "os.chdir '/'"),
    "run": ("import subprocess\nsubprocess.run(['true'])", "subprocess.Popen"),
    "system": ("import os\nos.system('true')", "os.system"),
    "fork": ("import os\nos.fork()", "os.fork"),
    "socket": ("import socket\nsocket.socket()", "socket.__new__"),
    "lookup": ("import socket\nsocket.getaddrinfo('localhost', 80)", "socket.getaddrinfo"),
    "host": ("import socket\nsocket.gethostname()", "socket.gethostname"),
    "temporary": ("import tempfile\ntempfile.mkdtemp()", ""),
    "environ": ("import os\nos.environ['HOME']", "_Environ.__getitem__"),
    "environ-get": ("import os\nos.environ.get('HOME')", "_Environ.__getitem__"),
    "getenv": ("import os\nos.getenv('HOME')", "os.getenv"),
    "putenv": ("import os\nos.environ['A'] = 'b'", "_Environ.__setitem__"),
    "time": ("import time\ntime.time()", "time.time"),
    "monotonic": ("import time\ntime.monotonic()", "time.monotonic"),
    "sleep": ("import time\ntime.sleep(0)", "time.sleep"),
    "loop-clock": ("import asyncio\nasyncio.get_running_loop().time()", "time.monotonic"),
    "now": ("import datetime\ndatetime.datetime.now()", "datetime.now"),
    "now-from": ("from datetime import datetime as d, UTC\nd.now(UTC)", "datetime.now"),
    "today": ("from datetime import date\ndate.today()", "date.today"),
    "now-in-house": ("from orchestrator.conclusion import conclude\nconclude.datetime.now()", "datetime.now"),
    "random": ("import random\nrandom.random()", "random.random"),
    "shuffle": ("import random\nrandom.shuffle([1, 2])", "random.shuffle"),
    "urandom": ("import os\nos.urandom(4)", "os.urandom"),
    "token": ("import secrets\nsecrets.token_hex()", "secrets.token_hex"),
    "uuid": ("import uuid\nuuid.uuid4()", "uuid.uuid4"),
    "pid": ("import os\nos.getpid()", "os.getpid"),
    "thread": ("import threading\nthreading.Thread(target=print).start()", "Thread.start"),
    "nothing": ("return []", None),
}
"""What an agent does in its turn, and what is noted of it; None where nothing may be."""


@pytest.fixture(scope="module")
def noted(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the process that judges and derives a recorded run again has noted."""
    shop = repository(tmp_path_factory.mktemp("repos") / "shop", SHOP)
    folder = asyncio.run(review(Request(path=str(shop)), tmp_path_factory.mktemp("runs"), sync=False)).folder
    shutil.rmtree(shop)
    snippets = json.dumps({name: snippet for name, (snippet, _) in DONE.items()})
    done = subprocess.run(
        [sys.executable, "-m", "tests.house.watched", str(folder), snippets],
        cwd=ROOT,
        capture_output=True,
        check=False,
        timeout=120,
    )
    assert not done.returncode, done.stderr.decode()
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


class TestWhileItRuns:
    def test_agents_touch_nothing(self, noted):
        """
        Every built-in agent judges recorded facts again with no file but the record, no clock, chance or environment.
        """
        assert [] == noted["judging"]
        assert noted["nodes"] == noted["turns"] > 8
        assert noted["same"]

    def test_the_derivation_touches_nothing(self, noted):
        """
        Verdict, JSON, Markdown and HTML come from the run's folder and the program, without asking what time it is.
        """
        assert [] == noted["deriving"]
        assert 3 == noted["texts"]

    @pytest.mark.parametrize("name", DONE)
    def test_the_watch_sees(self, noted, name):
        """
        What an agent reaches for in its turn is refused and noted, by audit event or by stand-in.
        """
        said = DONE[name][1]

        assert (said is None) == (noted["planted"][name] == [])
        assert any(found.startswith(said or "") for found in noted["planted"][name] or [""])
