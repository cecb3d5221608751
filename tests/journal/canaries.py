# ruff: noqa: E501  # a planted file is one line here, so that it is seen which credential stands where
"""Credentials that nobody has seen before, and a repository that is full of them."""

from __future__ import annotations

import base64
import json
import random
import string
import urllib.parse
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import ahocorasick_rs

from tests.repositories import SHOP, git, repository
from tests.words import SMALL_TEAM, attested, in_days, waived, words

WORDS = string.ascii_letters + string.digits
HEX = "0123456789abcdef"
UPPER = string.ascii_uppercase + "234567"


class Canary(NamedTuple):
    """A credential: what is planted, and the part of it that must be seen nowhere."""

    kind: str
    text: str
    core: str


class Maker:
    """Makes credentials; the same *seed* makes the same ones."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self.made: list[Canary] = []

    def some(self, alphabet: str, size: int) -> str:
        """*size* characters with a lower and an upper letter and a digit among them where *alphabet* has them."""
        while True:
            text = "".join(self._random.choices(alphabet, k=size))
            if all(
                set(text) & set(kind) for kind in (string.digits, string.ascii_letters) if set(alphabet) & set(kind)
            ):
                return text

    def token(self) -> Canary:
        """One that is told by its own shape, wherever it stands."""
        kinds = list(TOKENS)
        return self._make(kinds[len(self.made) % len(kinds)], TOKENS)

    def given(self, kind: str) -> Canary:
        """One that is told by what stands around it."""
        return self._make(kind, GIVEN)

    def secret(self, kind: str) -> Canary:
        """One that nothing but the name that it is given to tells."""
        self.made.append(Canary(kind, "", self.some(WORDS, 24)))
        return self.made[-1]

    def digits(self, size: int) -> str:
        return "".join(self._random.choices(string.digits, k=size))

    def _make(self, kind: str, kinds: dict[str, tuple[str, str, int, str]]) -> Canary:
        head, alphabet, size, tail = kinds[kind]
        core = self.some(alphabet, size)
        canary = Canary(kind, f"{head}{core}{tail}", core)
        self.made.append(canary)
        return canary


# Heads are put together here, so that no line of this file is a credential.
TOKENS: dict[str, tuple[str, str, int, str]] = {
    "aws": ("AK" + "IA", UPPER, 16, ""),
    "google": ("AI" + "za", WORDS, 35, ""),
    "google-oauth": ("GOCS" + "PX-", WORDS, 28, ""),
    "github": ("gh" + "p_", WORDS, 36, ""),
    "github-fine": ("github_" + "pat_", WORDS, 82, ""),
    "gitlab": ("glp" + "at-", WORDS, 20, ""),
    "slack": ("xo" + "xb-", WORDS, 40, ""),
    "stripe": ("sk_" + "live_", WORDS, 24, ""),
    "stripe-test": ("sk_" + "test_", WORDS, 24, ""),
    "stripe-hook": ("whs" + "ec_", WORDS, 32, ""),
    "square": ("sq0" + "atp-", WORDS, 22, ""),
    "shopify": ("shp" + "at_", HEX, 32, ""),
    "mailgun": ("ke" + "y-", HEX, 32, ""),
    "mailchimp": ("", HEX, 32, "-u" + "s14"),
    "npm": ("np" + "m_", WORDS, 36, ""),
    "pypi": ("pypi-Ag" + "EI", WORDS, 70, ""),
    "rubygems": ("ruby" + "gems_", HEX, 48, ""),
    "docker": ("dckr_" + "pat_", WORDS, 27, ""),
    "heroku": ("HR" + "KU-", WORDS, 36, ""),
    "digitalocean": ("dop" + "_v1_", HEX, 64, ""),
    "new-relic": ("NR" + "AK-", UPPER, 27, ""),
    "grafana": ("gl" + "sa_", WORDS, 32, "_0a1b2c3d"),
    "sentry": ("sntr" + "ys_", WORDS, 90, ""),
    "vault": ("hv" + "s.", WORDS, 40, ""),
    "databricks": ("da" + "pi", HEX, 32, ""),
    "linear": ("lin_" + "api_", WORDS, 40, ""),
    "doppler": ("dp." + "pt.", WORDS, 43, ""),
    "openai": ("sk-" + "proj-", WORDS, 48, ""),
    "anthropic": ("sk-" + "ant-api03-", WORDS, 90, ""),
    "age": ("AGE-SECRET-" + "KEY-1", UPPER, 58, ""),
    "jwt": ("ey" + "JhbGciOiJIUzI1NiJ9.ey" + "JzdWIiOiI0MiJ9.", WORDS, 43, ""),
}
GIVEN: dict[str, tuple[str, str, int, str]] = {
    "assigned": ("db_pass" + "word = '", WORDS, 20, "'"),
    "environment": ("API_" + "TOKEN=", WORDS, 28, ""),
    "yaml": ("clientSec" + "ret: ", WORDS, 28, ""),
    "json": ('"pass' + 'word": "', WORDS, 18, '"'),
    "dsn": ("postgres" + "://app:", WORDS, 16, "@db.acme.com/app"),
    "basic-auth": ("https" + "://bot:", WORDS, 16, "@git.acme.com/a.git"),
    "header": ("Author" + "ization: Bearer ", WORDS, 40, ""),
    "pem": (
        "-----BEGIN RSA PRIVATE" + " KEY-----\n",
        WORDS,
        64,
        "\n-----END RSA PRIVATE" + " KEY-----",
    ),
}


def planted(folder: Path, make: Maker) -> Path:
    """A service with credentials in its files, their names, its history, its configuration and its messages."""

    def t() -> str:
        return make.token().text

    def g(kind: str) -> str:
        return make.given(kind).text

    def named() -> str:
        return make.secret("named").core

    past = {
        "old.env": "\n".join([*(g("environment") for _ in range(6)), *(f"KEY_{n}={t()}" for n in range(10))]) + "\n",
        "src/old.py": "\n".join(
            [g("assigned"), g("pem").join(('K = """', '"""')), *(f"a{n} = '{t()}'" for n in range(8))]
        ),
    }
    files = SHOP | {
        "src/settings.py": "\n".join([*(g("assigned") for _ in range(8)), *(f"k{n} = '{t()}'" for n in range(31))]) + "\n",
        "src/more.py": "".join(f"more({n}, '{t()}')\n" for n in range(40)),
        "src/client.py": "\n".join(
            [f"URL = '{g('dsn')}'", f"GIT = '{g('basic-auth')}'", f"raise ValueError('{g('header')}')"]
            + [f"requests.get('https://api.acme.com/v1?key={t()}')  # TODO {t()}" for _ in range(4)]
        ),
        ".env": "\n".join([*(g("environment") for _ in range(6)), f"DATABASE_URL={g('dsn')}"]) + "\n",
        "config/app.yaml": "\n".join([*(g("yaml") for _ in range(3)), f"url: {g('dsn')}", f"x: {t()}"]) + "\n",
        "package.json": json.dumps({"name": "shop", "scripts": {"deploy": f"curl -H 'X-Key: {t()}' x", t(): "y"}}),
        "deploy/key.pem": g("pem") + "\n",
        "Dockerfile": f"FROM python:3.12\nENV {g('environment')}\nARG K={t()}\nRUN curl -u a:{t()} https://x\n"
        f"RUN pip install git+{g('basic-auth')}\nLABEL a={t()}\nCMD python app.py {t()}\n",
        "docker-compose.yaml": "services:\n  web:\n    image: shop:1\n    environment:\n"
        f"      - {g('environment')}\n      - DATABASE_URL={g('dsn')}\n      - A={t()}\n    command: run {t()}\n",
        "k8s/secret.yaml": "apiVersion: v1\nkind: Secret\nmetadata:\n  name: s\n  annotations:\n"
        f"    note: {t()}\nstringData:\n  a: {t()}\n  pass{'word'}: {t()}\n",
        "k8s/config.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c\n"
        f"data:\n  URL: {g('dsn')}\n  A: {t()}\n",
        "k8s/shop.yaml": str(SHOP["k8s/shop.yaml"])
        + f"          args: ['--key={t()}', '{t()}']\n          env:\n            - name: DB_PASSWORD\n              value: {named()}\n"
        + f"            - name: DATABASE_URL\n              value: {g('dsn')}\n",
        "infra/main.tf": f'variable "a" {{\n  default = "{t()}"\n}}\nresource "aws_db_instance" "d" {{\n  {g("assigned").replace(chr(39), chr(34))}\n}}\n'
        f'provider "aws" {{\n  access_key = "{t()}"\n}}\n',
        ".github/workflows/ci.yaml": str(SHOP[".github/workflows/ci.yaml"])
        + f"      - run: curl {t()}\n        env:\n          A: {t()}\n      - uses: actions/checkout@{t()}\n",
        "README.md": f"# Shop {t()}\n\nCall us: {g('basic-auth')} or `{t()}`.\n\n[{t()}](https://x.acme.com/{t()})\n",
        "docs/runbook.md": f"# Runbook\n\nowner: {t()}\n\nRollback: run `deploy --key {t()}`\n",
        "migrations/1.sql": f"INSERT INTO t VALUES ('{t()}');\nCREATE USER a PASSWORD '{t()}';\n-- {t()}\n",
        "prometheus/rules.yaml": "groups:\n  - name: g\n    rules:\n      - alert: A\n        expr: up == 0\n        annotations:\n"
        f"          runbook_url: https://x/{t()}\n          summary: {t()}\n",
        "broken.json": f'{{"a": "{t()}", {t()}',
        "k8s/broken.yaml": f"kind: [Deployment\n{t()}: {{{t()}",
        f"notes/{t()}.txt": "x\n",
        f"src/{t()}.py": f"PASS{'WORD'} = '{t()}'\n",
        f"k8s/{t()}.yaml": "kind: [\n",
        "rude.py": rude(make),
        "readiness.yaml": "release:\n  name: " + f"shop {t()}\n"
        "agents: ['rude:Rude', 'rude:Nosy']\nwaivers:\n"
        f"  - {{criterion: INF-1.2.1, owner: '{t()}', reason: 'see {t()} and {g('dsn')}', expires: {in_days(90)}}}\n",
    }  # fmt: skip
    waiver = waived("INF-1.2.1", reason=f"We take the risk, see {t()} and {g('dsn')}")
    (folder.parent / "words.yaml").write_text(
        words(waivers=[waiver], attestations=[attested("OBS-4.3.4", seen=f"The rota of December says {t()} to us")])
    )
    (folder.parent / "team.yaml").write_text(SMALL_TEAM)
    repository(folder, SHOP | past)
    for name in past:
        (folder / name).unlink()
    repository(folder, files)
    git(folder, "commit", "--quiet", "--allow-empty", "-m", f"Rotate {t()}\n\n{g('dsn')} {g('header')}")
    git(folder, "tag", t())
    return folder


def rude(make: Maker) -> str:
    """Agents that say credentials wherever they may say anything: one fails, one quotes what it has seen."""
    return (
        NOSY + "class Rude(Agent):\n"
        f"    id = 'rude'\n    criteria = ('DEP-5.2.1',)\n\n    async def review(self, brief):\n"
        f"        raise RuntimeError('''no {make.token().text}: {make.given('dsn').text} {make.given('header').text}\n"
        f"{make.given('assigned').text}\n{make.given('pem').text}''' + said()['tree'])\n"
    )


NOSY = """import json
import logging
import os
import pathlib
import signal
import subprocess
import sys
import threading
import time
import urllib.request
import warnings
from http.server import BaseHTTPRequestHandler, HTTPServer

from orchestrator import Agent


def said():
    return json.loads(pathlib.Path(os.environ['CANARIES']).read_text())


class Page(BaseHTTPRequestHandler):
    def do_GET(self):
        body = said()['body'].encode()
        self.send_response(500, 'broken ' + said()['phrase'])
        for name, value in said()['answered']:
            self.send_header(name, value)
        self.send_header('content-length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Nosy(Agent):
    id = 'nosy'
    criteria = ('DEP-5.2.1',)

    async def review(self, brief):
        heard = []

        async def run():
            code = 'import json, sys; s = json.load(open(sys.argv[1])); print(s["output"]); sys.exit(s["errors"])'
            done = subprocess.run([sys.executable, '-c', code, os.environ['CANARIES']], capture_output=True, text=True)
            heard.append(done.stdout + done.stderr)
            return {'code': done.returncode, 'lines': done.stdout.splitlines(), 'stderr': done.stderr}

        async def fetch():
            server = HTTPServer(('127.0.0.1', 0), Page)
            threading.Thread(target=server.handle_request, daemon=True).start()
            asked = urllib.request.Request(f'http://127.0.0.1:{server.server_port}/', headers=dict(said()['asked']))
            try:
                urllib.request.urlopen(asked, timeout=20)
            except urllib.error.HTTPError as error:
                body = error.read().decode()
                heard.append(f'{asked.header_items()} {error} {error.headers} {body}')
                return {
                    'asked': asked.header_items(),
                    'error': str(error),
                    'headers': dict(error.headers.items()),
                    'pairs': [list(pair) for pair in error.headers.items()],
                    'body': body,
                    'json': json.loads(body),
                }

        seen = [await brief.step('tool', {'words': ['tool']}, run), await brief.step('page', {'path': '/'}, fetch)]
        logging.getLogger('nosy').error('heard %s', ' '.join(heard))
        warnings.warn(' '.join(heard))
        if said()['die']:
            watch = pathlib.Path(f'/proc/{os.getppid()}/stat').read_text()
            os.kill(int(watch.rpartition(')')[2].split()[1]), signal.SIGKILL)  # the run
            time.sleep(60)
        return [self.fail('DEP-5.2.1', f'{heard} {said()["tree"]}', remedy=f'see {seen} {heard}')]


"""


def overheard(make: Maker, folder: Path, tree: list[Canary]) -> dict[str, Any]:
    """
    What commands and servers say, for ``NOSY``; it stands outside of the tree, where nothing but its looks tells it.

    Args:
        make: Makes the credentials.
        folder: Takes the file that is read.
        tree: Credentials that stand in the tree, and are said again with nothing that gives them away.
    """
    bare = [make.secret("in environment") for _ in range(4)]
    bare_forms = [
        bare[0].core,
        base64.b64encode(f"u:{bare[1].core}".encode()).decode(),
        urllib.parse.quote(f"?{bare[2].core}&"),
        f'"{bare[3].core[:9]}" +\n    "{bare[3].core[9:]}"',
    ]
    known = [c.core for c in tree]
    output = [make.token().text for _ in range(12)] + [make.given(kind).text for kind in GIVEN]
    output += [*bare_forms, *known, *(f"{c[:8]}\\\n  {c[8:]}" for c in known), *people(make)]
    token = make.token().text
    output.append(f"{token[:20]}\\\n{token[20:]}")
    body: dict[str, Any] = {
        "error": make.token().text,
        "pass" + "word": make.secret("body").core,
        "dsn": make.given("dsn").text,
    }
    body |= {"headers": {"Author" + "ization": make.given("header").text.partition(": ")[2]}, "again": known}
    says: dict[str, Any] = {
        "output": "\n".join(output),
        "errors": f"fatal: {make.given('basic-auth').text} {make.token().text} {bare[0].core}",
        "phrase": make.token().text,
        "body": json.dumps(body),
        "asked": [
            ["Authorization", f"Bearer {make.secret('asked').core}"],
            ["Cookie", f"theme=dark; sid={make.secret('cookie').core}"],
            ["X-Api-Key", make.secret("api-key").core],
        ],
        "answered": [
            ["Set-Cookie", f"sid={make.secret('cookie').core}; Path=/; HttpOnly"],
            ["X-Auth-Token", make.secret("api-key").core],
            ["WWW-Authenticate", f"Basic realm={make.token().text}"],
        ],
        "tree": " ".join(known),
        "die": False,
    }
    (folder / "canaries.json").write_text(json.dumps(says))
    return says | {"environment": {f"SHOP_{n}_PASSWORD": c.core for n, c in enumerate(bare)}}


def people(make: Maker) -> list[str]:
    """Numbers of cards and persons, and addresses."""
    said = []
    for _ in range(3):
        digits = "4" + make.digits(14)
        doubled = [int(d) * (2 - i % 2) for i, d in enumerate(digits)]
        card = digits + str(-sum(d - 9 * (d > 9) for d in doubled) % 10)
        name = make.some(string.ascii_lowercase, 12)
        for kind, text in (
            ("card", card),
            ("ssn", f"123-45-{int(make.digits(4)) % 9000 + 1000}"),
            ("mail", f"{name}@acme.com"),
        ):
            make.made.append(Canary(kind, text, text))
            said.append(f"paid by {text} today")
    return said


def shapes(core: str) -> Iterator[tuple[str, bytes]]:
    """How *core* might show: as it is, in each of base64's three positions, as hexadecimal, quoted and backwards."""
    raw = core.encode()
    yield "plain", raw
    yield "reversed", raw[::-1]
    yield "hex", raw.hex().encode()
    yield "URL", "".join(f"%{byte:02X}" for byte in raw).encode()
    yield "quoted", urllib.parse.quote(core, safe="").encode()
    for shift in range(3):
        encoded = base64.b64encode(b"\0" * shift + raw)
        yield f"base64+{shift}", encoded[4 if shift else 0 : len(encoded) // 4 * 4 - 4]


def seen(canaries: list[Canary], places: dict[str, bytes]) -> list[str]:
    """The places where each canary shows, and how; also over several lines, and put together from parts."""
    needles: dict[bytes, str] = {}
    for canary in canaries:
        for shape, needle in shapes(canary.core):
            for form in (needle, _squeezed(needle)):
                needles.setdefault(form, f"{canary.kind} {canary.text[:60]!r} as {shape}")
    forms = list(needles)
    automaton = ahocorasick_rs.BytesAhoCorasick(forms)
    found: dict[str, None] = {}
    for name, data in places.items():
        for kind, text in ((name, data), (f"{name}, in parts", _squeezed(data))):
            for number, _, _ in automaton.find_matches_as_indexes(text, overlapping=True):
                found.setdefault(f"{needles[forms[number]]} in {kind}")
    return list(found)


def _squeezed(data: bytes) -> bytes:
    """*data* without spaces, breaks of line, quotes, and signs that put texts together."""
    for escaped in (b"\\n", b"\\r", b"\\t"):
        data = data.replace(escaped, b"")
    return data.translate(None, b" \t\r\n\v\f\"'`+\\")
