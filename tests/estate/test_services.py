"""The services of a tree: which folder of source makes which, what runs it, and what nobody understands."""

from __future__ import annotations

import pytest

from orchestrator.contract.testing import facts_of
from orchestrator.domain.derived import asked
from orchestrator.domain.fact import Problem, Source
from orchestrator.domain.places import Places
from orchestrator.estate.builds import base
from orchestrator.estate.services import Services
from orchestrator.evidence.facts.containers import Dockerfile, Dockerfiles, Instruction
from orchestrator.evidence.facts.routes import Routes
from orchestrator.evidence.kind_signals import SIGNALS

NODE = '{"name": "%s", "private": true, "dependencies": {"express": "5"}}'
SERVER = "const app = require('express')()\napp.listen(3000)\n"
GO = 'package main\n\nimport "net/http"\n\nfunc main() {\n\thttp.ListenAndServe(":80", nil)\n}\n'
PROGRAM = "using System;\nvar builder = WebApplication.CreateBuilder(args);\nbuilder.Build().Run();\n"
PROJECT = '<Project Sdk="Microsoft.NET.Sdk.Web">\n</Project>\n'
DOCKERFILE = "FROM node:22\nCOPY . .\nCMD node server.js\n"
WORKLOAD = (
    "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: {name}}}\nspec:\n  template:\n    spec:\n"
    "      containers:\n        - {{name: main, image: '{image}'}}\n"
)


def of(files: dict[str, str]) -> Services:
    return asked(Services, facts_of(files, SIGNALS))


def folders(files: dict[str, str]) -> list[tuple[str, str, str]]:
    return [(s.folder, s.kind, s.address) for s in of(files).parts]


class TestServices:
    @pytest.mark.parametrize(
        ("files", "expected"),
        [
            (
                {
                    "apps/api/package.json": NODE % "api",
                    "apps/api/src/server.js": SERVER,
                    "apps/web/package.json": NODE % "web",
                    "apps/web/server.js": SERVER,
                    "packages/ui/package.json": '{"name": "ui", "version": "1.0.0", "main": "a.js"}',
                    "packages/ui/a.js": "exports.a = 1\n",
                },
                [("apps/api", "program", "api"), ("apps/web", "program", "web")],
            ),
            (
                {"go.mod": "module example.com/shop\n", "cmd/api/main.go": GO, "cmd/till/main.go": GO},
                [("cmd/api", "program", "api"), ("cmd/till", "program", "till")],
            ),
            (
                {"go.mod": "module example.com/shop\n", "cmd/api/main.go": GO, "pkg/http/server.go": GO,
                 "Dockerfile": "FROM golang:1.24\nEXPOSE 80\n"},
                [("cmd/api", "program", "api")],
            ),
            (
                {"go.mod": "module example.com/shop\n", "cmd/api/main.go": GO, "main.go": GO},
                [("", "program", "example.com/shop"), ("cmd/api", "program", "api")],
            ),
            (
                {"go.mod": "module example.com/shop\n", "pkg/http/server.go": GO, "tools/cmd/x/go.mod": "module x\n",
                 "tools/cmd/x/main.go": GO},
                [("", "program", "example.com/shop"), ("tools/cmd/x", "program", "x")],
            ),
            (
                {"cmd/api/go.mod": "module example.com/shop\n", "cmd/api/server/main.go": GO},
                [("cmd/api", "program", "example.com/shop")],
            ),
            (
                {
                    "src/Api/Api.csproj": PROJECT,
                    "src/Api/Program.cs": PROGRAM,
                    "src/Desk/Desk.csproj": PROJECT,
                    "src/Desk/Program.cs": PROGRAM,
                    "src/Core/Core.csproj": PROJECT,
                    "src/Core/Core.cs": "class Core { }\n",
                },
                [("src/Api", "program", "Api"), ("src/Desk", "program", "Desk")],
            ),
            (
                {
                    "compose.yaml": "services:\n  till:\n    build: {context: ., dockerfile: docker/till/Dockerfile}\n"
                    "    restart: always\n",
                    "docker/till/Dockerfile": "FROM node:22\nCMD node till.js\n",
                    "till.js": "run()\n",
                },
                [("", "image", "till")],
            ),
            (
                {
                    "compose.yaml": "services:\n  till:\n    build: {context: ., dockerfile: till/Dockerfile}\n"
                    "    ports: ['80:80']\n",
                    "till/Dockerfile": "FROM node:22\nCMD ./till\n",
                    "till/till.js": "run()\n",
                },
                [("till", "image", "till")],
            ),
            ({"build/Dockerfile": "FROM a\nCOPY --chown=a ./desk/ /x/\nEXPOSE 80\n", "desk/a.py": "x = 1\n"},
             [("desk", "image", "desk")]),
            ({"build/Dockerfile": "FROM a\nCOPY none /x/\nEXPOSE 80\n", "desk/a.py": "x = 1\n"},
             [("", "image", "build/Dockerfile")]),
            (
                {
                    "shop/composer.json": '{"name": "acme/shop", "type": "project"}',
                    "shop/routes/web.php": "<?php\nRoute::get('/items', [Items::class, 'index']);\n",
                },
                [("shop", "program", "acme/shop")],
            ),
            ({"cache/Dockerfile": "FROM redis:7\n"}, [("cache", "image", "cache")]),
            ({"tools/Dockerfile": "FROM alpine:3\nCMD ./lint\n", "tools/lint.py": "x = 1\n"}, []),
            ({"compose.yaml": "services:\n  t:\n    build: .\n", "Dockerfile": "FROM a\n", "a.py": "x = 1\n"}, []),
        ],
    )  # fmt: skip
    def test_which_source_makes_which(self, files: dict[str, str], expected: list[tuple[str, str, str]]) -> None:
        """
        A service is told by its folder: a package that starts one, a command of Go, a project, an image.
        """
        assert expected == folders(files)

    def test_software_of_others(self) -> None:
        """
        An image built upon a cache is the cache, with settings of one's own; it holds no source.
        """
        told = of({"cache/Dockerfile": "FROM redis:7\n", "package.json": NODE % "api", "server.js": SERVER})

        assert ["", "redis:7"] == [s.software for s in told.parts]
        assert [""] == [s.folder for s in told.own]

    def test_what_runs_it(self) -> None:
        """
        A workload runs the service that its image is named after; with one service there is no other.
        """
        shop = {
            "apps/api/package.json": NODE % "shop-api",
            "apps/api/server.js": SERVER,
            "apps/web/package.json": NODE % "web",
            "apps/web/server.js": SERVER,
            "k8s/a.yaml": WORKLOAD.format(name="a", image="registry.example.org:5000/acme/api:1.2@sha256:abc"),
            "k8s/b.yaml": WORKLOAD.format(name="b", image="acme/shop-api:1"),
            "k8s/c.yaml": WORKLOAD.format(name="c", image="acme/ledger:1"),
            "k8s/d.yaml": WORKLOAD.format(name="d", image="postgres:17"),
        }
        one = {"server.js": SERVER, "k8s/c.yaml": WORKLOAD.format(name="c", image="acme/ledger:1")}
        told = of(shop)

        assert [("Deployment a", "Deployment b"), ()] == [s.runs for s in told.parts]
        assert ["k8s/c.yaml:8"] == [str(p).partition(": ")[0] for p in told.not_understood]
        assert "Deployment c runs acme/ledger:1, and nothing tells" in told.not_understood[0].reason
        assert [("Deployment c",)] == [s.runs for s in of(one).parts]
        assert () == of(one).not_understood

    def test_what_runs_software_of_others(self) -> None:
        """
        A workload whose image is built upon a database runs that.
        """
        api = {"api/package.json": NODE % "api", "api/server.js": SERVER}
        root = of({"Dockerfile": "FROM postgres:17\n", **api})
        files = {"db/Dockerfile": "FROM postgres:17\n", "k8s/a.yaml": WORKLOAD.format(name="a", image="acme/db:1")}

        assert ["postgres:17", ""] == [s.software for s in root.parts]
        assert [("postgres:17", ("Deployment a",))] == [(s.software, s.runs) for s in of(files).parts]

    def test_an_image_named_after_its_compose_service(self) -> None:
        """
        What a compose file calls an image that it builds is a name of it.
        """
        files = {
            "compose.yaml": "services:\n  x:\n    build: ./a\n    image: acme/till:dev\n    restart: always\n"
            "  y:\n    build: ./b\n    restart: always\n",
            "a/Dockerfile": DOCKERFILE,
            "a/a.js": "run()\n",
            "b/Dockerfile": DOCKERFILE,
            "b/b.js": "run()\n",
            "k8s/a.yaml": WORKLOAD.format(name="till", image="registry.example.org/till:1"),
        }

        assert [("a", ("Deployment till",)), ("b", ())] == [(s.folder, s.runs) for s in of(files).parts]

    def test_whose_file_it_is(self) -> None:
        """
        A file is of the service with the nearest folder, and of none outside of all.
        """
        told = of({"apps/a/package.json": NODE % "a", "apps/a/s.js": SERVER, "apps/a/b/package.json": NODE % "b",
                   "apps/a/b/s.js": SERVER})  # fmt: skip
        names = [s.address if s else "" for s in map(told.of_file, ("apps/a/x.js", "apps/a/b/c/d.js", "lib/x.js"))]

        assert ["a", "b", ""] == names

    @pytest.mark.parametrize(
        ("paths", "others"),
        [
            (["apps/a/x.js"], ["b"]),
            (["apps/a/x.js", "apps/b/x.js"], []),
            (["apps/c/x.js"], ["a", "b"]),
            (["nginx.conf", "apps/a/x.js"], []),
            ([], []),
        ],
    )
    def test_who_else_answers(self, paths: list[str], others: list[str]) -> None:
        """
        What stands in the source of one service says nothing of another that answers; a proxy is before all of them.
        """
        answers = "const app = require('express')()\napp.get('/items', list)\napp.listen(3000)\n"
        files = {f"apps/{name}/package.json": NODE % name for name in "abc"}
        files |= {"apps/a/s.js": answers, "apps/b/s.js": answers, "apps/c/s.js": SERVER}
        facts = facts_of(files, SIGNALS)
        told = asked(Services, facts)
        places = Places(Source(path=path, line=1) for path in paths)

        assert others == [s.address for s in told.beside(places, asked(Routes, facts))]

    def test_routes_are_not_asked_where_there_is_nobody_else(self) -> None:
        """
        Where each service has a place in its source, a route that nobody can read is of no matter; else it is.
        """
        unread = Problem(path="apps/a/s.js", reason="cannot be read")
        files = {f"apps/{name}/package.json": NODE % name for name in "ab"}
        told = asked(Services, facts_of(files | {"apps/a/s.js": SERVER, "apps/b/s.js": SERVER}, SIGNALS))
        both = [Source(path=f"apps/{name}/x.js", line=1) for name in "ab"]
        lacking = []
        for places in (both, both[:1]):
            routes = Routes(problems=(unread,))
            told.beside(Places(places), routes)
            lacking.append(routes.lacking(()))

        assert [(), (unread,)] == lacking


class TestNotUnderstood:
    @pytest.mark.parametrize(
        ("files", "said"),
        [
            (
                {"compose.yaml": "services:\n  till:\n    build: ./till\n"},
                "service till is built in till, where nothing",
            ),
            (
                {
                    "setup.py": "from setuptools import setup\nsetup(name='lib', packages=['lib'])\n",
                    "lib/a.py": "from flask import Flask\napp = Flask(__name__)\n",
                },
                "a published package that holds an application too",
            ),
        ],
    )
    def test_is_said_with_its_place(self, files: dict[str, str], said: str) -> None:
        """
        What could be a service, and of which nobody can tell, is a problem of the inventory.
        """
        told = of(files)

        assert [said] == [p.reason[: len(said)] for p in told.not_understood]
        assert told.not_understood[0].line
        assert told.not_understood == told.lacking(())

    @pytest.mark.parametrize(
        "compose",
        [
            "services:\n  till:\n    build: https://example.org/till.git\n",
            "services:\n  till:\n    build: ./till\n    x: 1\n  none: null\n",
        ],
    )
    def test_what_is_elsewhere_or_here(self, compose: str) -> None:
        """
        A build from somewhere else has no source here, and one of a folder with programs has.
        """
        assert () == of({"compose.yaml": compose, "till/a.py": "x = 1\n"}).not_understood

    def test_what_could_not_be_read(self) -> None:
        """
        A Dockerfile or a manifest that could not be read may hide a service; a source file is heard of elsewhere.
        """
        told = of({"package.json": "{", "a.py": "x = (\n"})

        assert ["package.json"] == [p.path for p in told.lacking(())]
        assert () == told.doubted(())


class TestBase:
    @pytest.mark.parametrize(
        ("lines", "image"),
        [
            (("redis:7",), "redis:7"),
            (("redis:7 AS base", "base"), "redis:7"),
            (("redis:7 as Base", "node:22", "BASE AS last"), "redis:7"),
            (("redis:7", "node:22"), "node:22"),
            (("--platform=$BUILDPLATFORM redis:7",), "redis:7"),
            (("redis:$TAG",), ""),
            ((), ""),
        ],
    )
    def test_through_its_stages(self, lines: tuple[str, ...], image: str) -> None:
        """
        The image of the last stage, wherever its name comes from; none where it is computed.
        """
        every = tuple(Instruction(keyword="FROM", value=v, line=n, stage=n) for n, v in enumerate(lines))

        assert image == base(Dockerfile(path="Dockerfile", instructions=every))
        assert () == Dockerfiles().written
