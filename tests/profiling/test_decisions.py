"""What software is rests on its services, and not on one line that stands somewhere in it."""

from __future__ import annotations

import pytest

from orchestrator.domain.profile import Profile
from orchestrator.evidence.extract import extract
from orchestrator.evidence.tree import MemoryTree
from orchestrator.profiling import SIGNALS, profile

COBRA = "module example.com/tool\n\ngo 1.24\n\nrequire github.com/spf13/cobra v1.8.0\n"
BARE = "module example.com/tool\n\ngo 1.24\n"
CARGO = (
    '[package]\nname = "shop"\nversion = "0.1.0"\n[lib]\npath = "src/lib.rs"\n[[bin]]\nname = "shop"\n'
    'path = "src/main.rs"\n[dependencies]\n'
)
AXUM = "async fn main() {\n    axum::serve(listener, shop::app()).await.unwrap();\n}\n"
PACKAGE = '[project]\nname = "lib"\nversion = "1"\ndependencies = []\n[build-system]\nrequires = []\n'
NODE = '{"name": "x", "private": true, "dependencies": {"express": "5"}}'
EXPRESS = "const express = require('express')\nconst app = express()\n%s\napp.listen(3000)\n"
FLASK = "from flask import Flask\napp = Flask(__name__)\n\n\n@app.get('/')\ndef home():\n    %s\n"
COMPOSE = "services:\n  web:\n    image: acme/shop:1\n    ports: ['80:80']\n  cache:\n    build: ./cache\n"


def go(*lines: str) -> str:
    body = "\n\t".join(lines)
    return f'package main\n\nimport (\n\t"net/http"\n\t_ "net/http/pprof"\n)\n\nfunc main() {{\n\t{body}\n}}\n'


def of(files: dict[str, str]) -> Profile:
    return profile(extract(MemoryTree(files), SIGNALS))


class TestService:
    @pytest.mark.parametrize(
        ("listens", "answer"),
        [
            ('http.ListenAndServe("localhost:6060", nil)', "no"),
            ('http.ListenAndServe("127.0.0.1:6060", nil)', "no"),
            ('http.ListenAndServe("[::1]:6060", nil)', "no"),
            ('http.ListenAndServe(":6060", nil)', "yes"),
            ('http.ListenAndServe("0.0.0.0:6060", nil)', "yes"),
            ('http.ListenAndServe("localhost.example.org:6060", nil)', "yes"),
            ("http.ListenAndServe(address, nil)", "yes"),
        ],
    )
    def test_a_listener_for_its_own_machine(self, listens: str, answer: str) -> None:
        """
        A command that its own machine alone can ask, to debug it, is a command.
        """
        told = of({"go.mod": COBRA, "main.go": go(listens, "cmd.Execute()")})

        assert answer == told.answer("service")
        assert ("cli" if answer == "no" else "service") == told.kind

    @pytest.mark.parametrize(
        ("path", "line", "elsewhere"),
        [
            ("src/a.js", "server.listen(9229, '127.0.0.1')", "server.listen(9229, '0.0.0.0')"),
            ("src/a.js", "server.listen(9229, 'localhost')", "server.listen(9229)"),
            (
                "src/main.rs",
                "fn main() { HttpServer::new(app).bind((Ipv4Addr::LOCALHOST, 80)); }",
                "fn main() { HttpServer::new(app).bind((Ipv4Addr::UNSPECIFIED, 80)); }",
            ),
            (
                "src/main/java/A.java",
                "class A { void a() { HttpServer.create(at(InetAddress.getLoopbackAddress()), 0); } }",
                "class A { void a() { HttpServer.create(at(8080), 0); } }",
            ),
        ],
    )
    def test_in_other_languages(self, path: str, line: str, elsewhere: str) -> None:
        """
        Each language has its ways to say that nobody else is answered.
        """
        assert "no" == of({path: f"{line}\n"}).answer("service")
        assert "yes" == of({path: f"{elsewhere}\n"}).answer("service")

    @pytest.mark.parametrize(
        ("module", "route", "answer"),
        [
            (BARE, "/items", "yes"),
            (COBRA, "/items", "unknown"),
            (BARE, "/debug/vars", "no"),
            (BARE, "/metrics", "no"),
            (BARE, "/debugging", "yes"),
        ],
    )
    def test_a_listener_behind_a_proxy(self, module: str, route: str, answer: str) -> None:
        """
        What has routes for more than who looks after it may stand behind a proxy.
        """
        lines = (f'http.HandleFunc("{route}", items)', 'http.ListenAndServe("localhost:8080", nil)')

        assert answer == of({"go.mod": module, "main.go": go(*lines)}).answer("service")

    @pytest.mark.parametrize(
        ("dependencies", "answer", "kind"),
        [
            ('axum = "0.7"\n', "yes", "service"),
            ('axum = "0.7"\nclap = "4"\n', "unknown", "cli"),
            ('serde = "1"\n', "unknown", "library"),
        ],
    )
    def test_a_library_beside_its_program(self, dependencies: str, answer: str, kind: str) -> None:
        """
        A program that serves with a web framework is a service, however it is cut; a command that can serve is open.
        """
        told = of({"Cargo.toml": CARGO + dependencies, "src/lib.rs": "pub fn app() {}\n", "src/main.rs": AXUM})

        assert (answer, kind) == (told.answer("service"), told.kind)

    def test_a_service_beside_a_library(self) -> None:
        """
        One package for others among several takes no service away.
        """
        told = of(
            {
                "packages/ui/package.json": '{"name": "@acme/ui", "version": "1.0.0", "main": "index.js"}',
                "packages/ui/index.js": "exports.a = 1\n",
                "apps/api/package.json": NODE,
                "apps/api/server.js": EXPRESS % "",
            }
        )

        assert ("yes", "service") == (told.answer("service"), told.kind)

    @pytest.mark.parametrize(
        "path", ["examples/server.py", "demo_server/app.py", "src/lib/example_app/app.py", "tests/app.py"]
    )
    def test_an_example_server_of_a_library(self, path: str) -> None:
        """
        What shows how a library is used makes no service of it.
        """
        told = of({"pyproject.toml": PACKAGE, "src/lib/__init__.py": "def f(): ...\n", path: FLASK % "return {}"})

        assert ("no", "library") == (told.answer("service"), told.kind)

    def test_a_container_for_an_example(self) -> None:
        """
        A compose file that builds an example runs nothing of a library.
        """
        compose = "services:\n  web:\n    build: ./%s\n    ports: ['80:80']\n"
        files = {"pyproject.toml": PACKAGE, "src/lib/__init__.py": "def f(): ...\n"}

        assert "no" == of({**files, "compose.yaml": compose % "examples/web"}).answer("service")
        assert "yes" == of({**files, "compose.yaml": compose % "web"}).answer("service")

    @pytest.mark.parametrize(
        "files",
        [
            {"main.tf": 'resource "aws_lambda_function" "x" {\n  handler = "a.main"\n}\n', "a.py": "def main(): ...\n"},
            {
                "template.yaml": "AWSTemplateFormatVersion: '2010-09-09'\nTransform: AWS::Serverless-2016-10-31\n"
                "Resources:\n  F:\n    Type: AWS::Serverless::Function\n    Properties: {Handler: a.main}\n",
                "a.py": "def main(): ...\n",
            },
            {"serverless.yml": "service: thumbs\nfunctions:\n  a: {handler: handler.main}\n", "handler.py": "x = 1\n"},
            {"handler.js": "exports.handler = async (event) => {\n  return await store(event)\n}\n"},
        ],
    )
    def test_a_function_of_a_platform(self, files: dict[str, str]) -> None:
        """
        A function that a platform calls is a service, also where it is packaged.
        """
        assert ("yes", "service") == (of(files).answer("service"), of(files).kind)
        assert "yes" == of(files).answer("deployed")


class TestFrontend:
    @pytest.mark.parametrize(
        "files",
        [
            {"app.py": FLASK % "return f'<h1>Hello {name}</h1>'"},
            {"app.py": FLASK % "return render_template_string(PAGE, name=name)"},
            {"package.json": NODE, "app.js": EXPRESS % "app.get('/', (q, res) => res.send(`<h1>${q.query.n}</h1>`))"},
            {"package.json": NODE, "app.js": EXPRESS % "app.get('/', (q, res) => res.render('home'))"},
            {"app.py": FLASK % "return {}", "templates/home.html": "<h1>Shop</h1>\n"},
        ],
    )
    def test_a_server_that_answers_with_pages(self, files: dict[str, str]) -> None:
        """
        Who answers with HTML has users with browsers.
        """
        assert "yes" == of(files).answer("frontend")

    @pytest.mark.parametrize(
        "files",
        [
            {"app.py": FLASK % "return {'title': '<h1>'}"},
            {"app.py": FLASK % "return '<Response/>'"},
            {"app.py": FLASK % "return {}", "mail.py": "def body():\n    return f'<p>Welcome, {name}</p>'\n"},
            {"app.py": FLASK % "return {}", "templates/email/welcome.html": "<h1>Welcome</h1>\n"},
            {"app.py": FLASK % "return {}  # return '<h1>Hello</h1>'"},
            {"package.json": NODE, "app.js": EXPRESS % "app.get('/', (q, res) => res.json({ok: true}))"},
            {"report.py": "def page():\n    return render_template_string(PAGE)\n\nprint(page())\n"},
        ],
    )
    def test_what_is_no_page(self, files: dict[str, str]) -> None:
        """
        Data, letters, and what no request asks for, are not pages.
        """
        assert "no" == of(files).answer("frontend")


class TestCache:
    @pytest.mark.parametrize(
        ("dockerfile", "answer"),
        [
            ("FROM redis:7\nCOPY redis.conf /etc/redis.conf\n", "yes"),
            ("FROM --platform=linux/amd64 docker.io/library/redis:7 AS base\nFROM base\n", "yes"),
            ("FROM redis:7 AS tools\nFROM debian:12\nCOPY --from=tools /usr/local/bin/redis-cli /bin/\n", "no"),
            ("FROM $BASE\nCOPY a /a\n", "no"),
        ],
    )
    def test_an_image_built_upon_one(self, dockerfile: str, answer: str) -> None:
        """
        The image of a cache with settings of one's own is a cache; one that has only taken a tool from it is none.
        """
        told = of({"compose.yaml": COMPOSE, "cache/Dockerfile": dockerfile, "app.py": FLASK % "return {}"})

        assert answer == ("yes" if told.answer("cache") == "yes" else "no")

    def test_a_database_likewise(self) -> None:
        """
        The same holds of databases.
        """
        told = of({"compose.yaml": COMPOSE, "cache/Dockerfile": "FROM postgres:17\n", "app.py": FLASK % "return {}"})

        assert ("yes", "yes") == (told.answer("database"), told.answer("sql_database"))
