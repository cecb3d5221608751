"""Commands that call scripts, targets and tasks of the tree, followed to what these run."""

from __future__ import annotations

import pytest

from orchestrator.evidence.facts.pipelines import CiCommand, Pipelines
from orchestrator.evidence.reader import read_tree
from orchestrator.evidence.readers import _scripts
from orchestrator.evidence.readers.pipelines import PipelinesReader
from orchestrator.evidence.tree import MemoryTree

PACKAGE = (
    '{"scripts": {"build": "vite build", "test": "npm run test:unit && npm run lint", "pretest": "tsc", '
    '"test:unit": "jest", "lint": "eslint .", "all": "run-s build lint", "every": "run-p test:*", '
    '"loop": "npm run loop"}}'
)
TREE = {
    "Makefile": "GO ?= go\ninclude common.mk\nbuild: deps\n\t@$(GO) build ./...\ntest:\n\t-$(GO) test ./...\n"
    "more:\n\t$(MAKE) -C web it\n%-image:\n\tdocker push shop:$@\nempty:\n\t@echo nothing\nlate:\n\texit 0; npm test\n",
    "common.mk": "deps:\n\tgo mod download\n",
    "web/Makefile": "it:\n\tnpm run build\n",
    "package.json": PACKAGE,
    "web/package.json": '{"scripts": {"build": "next build", "test": "vitest run"}}',
    "scripts/smoke.sh": '#!/bin/bash\nset -e\nif [ "$1" = prod ]; then\n  curl -f https://shop.example/health\nelse\n'
    "  npm run x\nfi\n",
    "scripts/loose.sh": "npm test\nls\n",
    "bin/tool": "#!/bin/sh\nmake build\n",
    "bin/other": "#!/usr/bin/env python3\nprint()\n",
    "scripts/check.py": "print()\n",
    "composer.json": '{"scripts": {"check": ["@style", "phpunit"], "style": "phpcs", "one": "@php tool.php"}}',
    "justfile": "lint arg='x':\n  npm run lint\n\nboth: lint\n  @make build\n",
    "Taskfile.yml": "tasks:\n  build:\n    deps: [gen]\n    cmds: [go build ./..., {task: last}]\n"
    "  gen: {cmds: [go generate]}\n"
    "  last: {cmd: ls, ignore_error: true}\n",
}  # fmt: skip


def follow(run: str, **more: str) -> tuple[CiCommand, ...]:
    """The commands of a step in the tree that runs *run*."""
    lines = "".join(f"          {line}\n" for line in run.split("\n"))
    text = f"on: push\njobs:\n  build:\n    runs-on: x\n    steps:\n      - run: |\n{lines}"
    fact = read_tree(MemoryTree({**TREE, **more, ".github/workflows/ci.yml": text}), [PipelinesReader()])[Pipelines]
    assert isinstance(fact, Pipelines)
    return fact.steps()[0][2].commands


@pytest.mark.parametrize(
    ("run", "inside"),
    [
        ("make", ["go mod download"]),
        ("make build", ["go mod download", "go build ./..."]),
        ("make GO=go1 build", ["go mod download", "go1 build ./..."]),
        ("make -C web it", ["npm run build", "next build"]),
        ("make --directory=web it", ["npm run build", "next build"]),
        ("cd web && make it", ["npm run build", "next build"]),
        ("make -f web/Makefile it", ["npm run build", "vite build"]),
        ("make more", ["make -C web it", "npm run build", "next build"]),
        ("make web-image", ["docker push shop:web-image"]),
        ("make empty", []),
        ("make late", []),
        ("sudo make build", ["go mod download", "go build ./..."]),
        ("npm run build", ["vite build"]),
        ("npm test", ["tsc", "npm run test:unit", "jest", "npm run lint", "eslint ."]),
        ("npm t", ["tsc", "npm run test:unit", "jest", "npm run lint", "eslint ."]),
        ("yarn build --mode x", ["vite build --mode x"]),
        ("npm run build -- --mode x", ["vite build --mode x"]),
        ("npm --prefix web run build", ["next build"]),
        ("yarn --cwd web build", ["next build"]),
        ("pnpm -r test", ["tsc", "npm run test:unit", "jest", "npm run lint", "eslint .", "vitest run"]),
        ("npm run all", ["run-s build lint", "vite build", "eslint ."]),
        ("npm run every", ["run-p test:*", "jest"]),
        ("npm run loop", ["npm run loop"]),
        ("turbo run build", ["vite build", "next build"]),
        ("npx nx run-many -t build", []),
        ("nx run-many --target=build", ["vite build", "next build"]),
        ("./scripts/smoke.sh prod", ["curl -f https://shop.example/health"]),
        ("bash -e scripts/smoke.sh dev", ["npm run x"]),
        ("source scripts/smoke.sh prod", ["curl -f https://shop.example/health"]),
        ("cd web && ../scripts/smoke.sh prod", ["curl -f https://shop.example/health"]),
        ('"$GITHUB_WORKSPACE/scripts/smoke.sh" prod', ["curl -f https://shop.example/health"]),
        ("bin/tool", ["make build", "go mod download", "go build ./..."]),
        ("composer check", ["phpunit", "phpcs"]),
        ("composer run-script one", ["php tool.php"]),
        ("just both", ["npm run lint", "eslint .", "make build", "go mod download", "go build ./..."]),
        ("task build", ["go build ./...", "go generate", "ls"]),
    ],
)
def test_followed(run: str, inside: list[str]) -> None:
    """
    Behind a call stand the commands that it runs, whatever it goes through.
    """
    assert inside == [command.text for command in follow(run) if command.path]


@pytest.mark.parametrize(
    ("run", "calls"),
    [
        ("make build", "followed"),
        ("make nothing", "absent"),
        ("cd docs && make build", "absent"),
        ("make $TARGET", "unread"),
        ("npm run nothing", "absent"),
        ("npm ci", ""),
        ("yarn install", ""),
        ("yarn jest", ""),
        ("npx jest", ""),
        ("./scripts/nothing.sh", "absent"),
        ("python scripts/check.py", "unread"),
        ("python -m pytest", ""),
        ("node -e 'x'", ""),
        ("bin/other", "unread"),
        ("bash scripts/nothing.sh", "absent"),
        ("/usr/bin/tool.sh", ""),
        ("node_modules/.bin/jest.js", ""),
        ("just nothing", "absent"),
        ("task nothing", "absent"),
        ("composer install", ""),
        ("docker build .", ""),
    ],
)
def test_calls(run: str, calls: str) -> None:
    """
    What became of a call is told: followed, there and not read, or not there.
    """
    assert calls == [command for command in follow(run) if not command.path][-1].calls


class TestFollow:
    def test_places(self) -> None:
        """
        A command in a script has its place there; a failure that the caller ignores is ignored.
        """
        _, download, build = follow("make build || true")

        assert ("common.mk", "Makefile") != (download.path, build.path)
        assert ("Makefile", 4, False) == (build.path, build.line, build.heeded)

    @pytest.mark.parametrize(
        ("run", "heeded"),
        [
            ("make test", False),
            ("make build", True),
            ("bash scripts/loose.sh", False),
            ("bash -e scripts/loose.sh", True),
        ],
    )
    def test_heeded(self, run: str, heeded: bool) -> None:
        """
        A script heeds failures in its own manner.
        """
        wanted = {"go test ./...", "go build ./...", "npm test"}

        assert [heeded] == [command.heeded for command in follow(run) if command.path and command.text in wanted]

    def test_void_inside(self) -> None:
        """
        What never runs in a script is set aside there, once however often it is called.
        """
        text = "on: push\njobs: {a: {steps: [{run: make late}, {run: make late}]}}\n"
        fact = read_tree(MemoryTree({**TREE, ".github/workflows/ci.yml": text}), [PipelinesReader()])[Pipelines]
        assert isinstance(fact, Pipelines)

        assert ["Makefile:14: `npm test` comes after `exit 0`"] == [str(aside) for aside in fact.aside]

    def test_bounds(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """
        So many commands of a step are kept, so deep, and of so many bytes of scripts.
        """
        many = "".join("make build\n" for _ in range(200))
        deep = {f"s{n}.sh": f"./s{n + 1}.sh\n" for n in range(20)}
        monkeypatch.setattr(_scripts, "MAX_IN_ALL", 10)

        assert _scripts.MAX_COMMANDS + 1 >= len(follow("bash many.sh", **{"many.sh": many}))
        assert {"unread", "absent"} >= {command.calls for command in follow("make build")}
        monkeypatch.undo()
        assert _scripts.MAX_DEPTH + 1 == len(follow("./s0.sh", **deep))
