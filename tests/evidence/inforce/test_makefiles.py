"""What a Makefile says of how targets are made."""

from __future__ import annotations

import pytest

from orchestrator.evidence.inforce.makefiles import load

TEXT = """
GO ?= go
GO := /usr/bin/$(GO)
FLAGS = -race
FLAGS += -v
include common.mk
.PHONY: test
all: test
test: deps | out
\t@echo testing
\t$(GO) test $(FLAGS) \\
\t  ./...
deps: ; $(GO) mod download
%-image: build-%
\tdocker push $@
ifeq ($(MODE),fast)
fast:
\tmake quick
else
fast:
\tmake slow
endif
ifeq (a,b)
never:
\tnpm test
else
never:
\techo
endif
ifneq (a,b)
ever:
\tnpm test
endif
ifdef GO
known:
\tnpm test
else
known:
\techo
endif
local: FLAGS = x
"""


class TestLoad:
    def test_rules(self) -> None:
        """
        A target has what it waits for and its lines, each with its number; the first is made where none is named.
        """
        makefile = load(TEXT)

        assert "all" == makefile.first
        assert (["test"], []) == (makefile.rules["all"].needs, makefile.rules["all"].recipe)
        assert ["deps", "out"] == makefile.rules["test"].needs
        assert [10, 11] == [line for line, _ in makefile.rules["test"].recipe]
        assert [(13, "go mod download")] == makefile.rules["deps"].recipe
        assert [] == makefile.rules.get("local", makefile.rules["all"]).recipe

    def test_variables(self) -> None:
        """
        Variables stand for what they are set to; the command line's word is the last.
        """
        makefile = load("GO ?= go\nFLAGS = -race\nFLAGS += -v\n")

        assert "go test -race -v $HOME ${OTHER}" == makefile.expanded("$(GO) test $(FLAGS) $$HOME $(OTHER)")
        assert "go1 test" == makefile.expanded("${GO} test", {"GO": "go1"})

    @pytest.mark.parametrize(
        ("written", "told"),
        [
            ("x $(shell git describe)", "x $(git describe)"),
            ("x $(if $(A),b,c) y", "x ${_} y"),
            ("$(call f,$(x)) $(wildcard *.c)", "${_} ${_}"),
            ("$$(date)", "$(date)"),
        ],
    )
    def test_functions(self, written: str, told: str) -> None:
        """
        What make works out by itself is not known; what it asks a shell is asked.
        """
        assert told == load("").expanded(written)

    def test_shapes(self) -> None:
        """
        A rule for all targets of a shape makes those that have none of their own.
        """
        rule = load(TEXT).rule("web-image")

        assert rule is not None
        assert (["build-web"], "docker push $@") == (rule.needs, rule.recipe[0][1])
        assert load(TEXT).rule("nothing") is None

    @pytest.mark.parametrize(
        ("text", "recipe"),
        [
            ("a:\n\tone\na:\n\ttwo\n", ["two"]),
            ("a:\n\tone\na: b\n", ["one"]),
            ("a: ; one\na: ; two\n", ["two"]),
            ("a::\n\tone\na::\n\ttwo\n", ["one", "two"]),
            ("ifdef X\na:\n\tone\nelse\na:\n\ttwo\nendif\n", ["one", "two"]),
        ],
    )
    def test_said_again(self, text: str, recipe: list[str]) -> None:
        """
        The last recipe of a target is its recipe, unless each of its rules has one of its own, or either may count.
        """
        assert recipe == [command for _, command in load(text).rules["a"].recipe]

    @pytest.mark.parametrize(
        ("text", "heeded"),
        [
            ("", True),
            (".IGNORE:\n", False),
            (".IGNORE: a\n", False),
            (".IGNORE: b\n", True),
            ("MAKEFLAGS += -i\n", False),
            ("MAKEFLAGS += -ki\n", False),
            ("MAKEFLAGS += --ignore-errors\n", False),
            ("MAKEFLAGS += -j4 --no-print-directory --silent\n", True),
        ],
    )
    def test_what_fails(self, text: str, heeded: bool) -> None:
        """
        Make stops where a command fails, unless it is told to go on.
        """
        assert heeded == load(f"{text}a:\n\tnpm test\n").heeds("a")

    @pytest.mark.parametrize(
        ("target", "recipe"),
        [
            ("fast", ["make quick", "make slow"]),
            ("never", ["echo"]),
            ("ever", ["npm test"]),
            ("known", ["npm test"]),
        ],
    )
    def test_conditions(self, target: str, recipe: list[str]) -> None:
        """
        A branch that is known not to be taken is left out; where that cannot be told, both are read.
        """
        assert recipe == [written for _, written in load(TEXT).rules[target].recipe]

    def test_includes(self) -> None:
        """
        What is included is read in its place, also where a file includes itself.
        """
        files = {"common.mk": "include common.mk\nlint:\n\tnpx eslint .\n"}

        assert "npx eslint ." == load(TEXT, files.get).rules["lint"].recipe[0][1]

    def test_assigned_in_circles(self) -> None:
        """
        Variables that name each other come to an end.
        """
        assert len(load("A = $(B) $(B)\nB = $(A) $(A)\n").expanded("$(A)")) < 20_000
