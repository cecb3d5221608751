"""Tells commands that test: of which kind, and of which languages."""

from __future__ import annotations

import re

from ...host.late import late
from ...vocabulary import words
from ..facts.pipelines import CiCommand
from .names import bare, called, installs, of_packages, parts_of, talks

KINDS = ("unit", "integration", "e2e")
_TEST = late(
    rf"(?:{words('commands/test-runners').pattern})|"
    rf"(?:{words('commands/test-subcommands').pattern})[^|]{{0,200}}[ :=](?:test|tests|spec|e2e|eunit|unittest)\b|"
    r"\bgo (-\S+ )*(test|vet && go test)\b|\b(cargo|cross)( \+\S+)? (test|nextest)\b|^\$\{?\w+\}? test\b"
    r"|\bpython3? (-\S+ ){0,3}-m (pytest|unittest|nose2|tox|nox|behave|twisted\.trial)\b"
    r"|\b(cypress|cypress:run|playwright)\b[^|]{0,80} (run|run-ci|test)\b|\bnode\b[^|]{0,300} --test\b"
    r"|\bxcodebuild\b[^|]{0,300} test\b|\bfastlane (scan|test)\b|\bR CMD check\b|\brebar3 (eunit|ct)\b|--junit-?xml\b"
    r"|\bdocker[- ]compose\b[^|]{0,200}(--exit-code-from|--abort-on-container-exit)\b"
)
_JVM = late(r"\b(mvnw?|gradlew?)\b")
_JVM_TESTS = late(r"\s:?([\w-]+:)*(test|check|build|verify|install|deploy|package|ci|\w+Test|\w+Tests)\b")
_JVM_SKIPS = late(r"-DskipTests(?!=false)|-Dmaven\.test\.skip(?!=false)|-x[ ,]*:?(\w+:)*test\b")
_NAME_TESTS = frozenset(
    [
        "test",
        "tests",
        "testall",
        "unittest",
        "unittests",
        "spec",
        "specs",
        "unit",
        "e2e",
        "integration",
        "pytest",
        "cypress",
        "playwright",
        "acceptance",
        "cibuild",
    ]
)
_NAME_NO_TEST = frozenset(
    [
        "lint",
        "build",
        "prepare",
        "setup",
        "deps",
        "clean",
        "bootstrap",
        "generate",
        "env",
        "image",
        "images",
        "data",
        "install",
        "fmt",
        "format",
        "fixtures",
        "watch",
        "types",
        "update",
        "publish",
        "local",
        "requirements",
        "open",
        "down",
        "stop",
        "serve",
        "up",
        "fix",
        "docs",
    ]
)
_E2E = re.compile(
    r"e2e|end[-_ ]?to[-_ ]?end|journey|cypress|playwright|selenium|acceptance|browser tests?|ui[-_ ]tests?|"
    r"testcafe|wdio|detox|protractor|"
    r"nightwatch|test:system",
    re.IGNORECASE,
)
_INTEGRATION = re.compile(
    r"integration|functional|\bapi[-_ :]?tests?\b|\btest:api\b|testcontainers|contract", re.IGNORECASE
)
_UNIT = re.compile(r"\bunit", re.IGNORECASE)
_LANGUAGES = (
    ("python", r"pytest|py\.test|nose|tox\b|nox\b|unittest|manage\.py|behave|coverage run|stestr|hatch|--junitxml"),
    ("javascript", r"jest|vitest|karma|jasmine|\bava\b|cypress|playwright|testcafe|wdio|\bng |node |deno|grunt|gulp|"
                   r"mocha|npm-script|nx |turbo|lerna|react-scripts|vue-cli|bun "),
    ("go", r"\bgo (-\S+ )*test|gotestsum|ginkgo"),
    ("rust", r"cargo|cross |^\$\{?\w+\}? test"),
    ("java", r"mvn|gradle|sbt"),
    ("ruby", r"rspec|rails|rake|cucumber"),
    ("php", r"phpunit|paratest|artisan|composer|codecept\b"),
    ("csharp", r"dotnet"),
    ("elixir", r"\bmix "),
    ("swift", r"xcodebuild|\bswift "),
    ("dart", r"flutter|\bdart "),
)  # fmt: skip
LANGUAGE_FAMILIES = {
    "javascript": ("javascript", "typescript"),
    "java": ("java", "kotlin", "scala", "groovy"),
    "csharp": ("csharp", "fsharp"),
}


def tests(command: CiCommand) -> bool:
    """Whether *command* runs tests itself, as far as its words and those of what it calls tell."""
    part = bare(command)
    if command.calls in ("followed", "absent") or talks(part) or installs(part):
        return False
    if _JVM.search(part):
        return bool(_JVM_TESTS.search(part)) and not _JVM_SKIPS.search(part)
    return bool(_TEST.search(part)) or any(map(names_tests, called(part)))


def tests_by_command(command: CiCommand) -> bool:
    """The same as :func:`tests`, for who asks about one command of a step."""
    return command.instead is None and tests(command)


def languages_of(command: CiCommand) -> set[str]:
    """The languages whose tests *command* runs; none where any may be meant."""
    return languages(bare(command))


def asks_for_tests(command: CiCommand) -> bool:
    """Whether *command* calls something of the tree that is named after tests."""
    part = bare(command)
    return command.calls == "followed" and any(map(names_tests, (*called(part), *of_packages(part))))


def names_tests(name: str) -> bool:
    """Whether something of this *name* tests."""
    said = parts_of(name)
    return name in ("check", "t") or (bool(said & _NAME_TESTS) and not said & _NAME_NO_TEST)


def kinds_of(part: str, names: str) -> set[str]:
    """The kinds of test that a command runs, told from its words, and from what its step and job are called."""
    told = (("e2e", _E2E), ("integration", _INTEGRATION), ("unit", _UNIT))
    found = {kind for kind, pattern in told if pattern.search(part)}
    found = found or {kind for kind, pattern in told[:2] if pattern.search(names)}
    if found:
        return found
    if re.search(r"\bmvnw?\b.* test\b", part):
        return {"unit"}
    browser = languages(part) & {"javascript", "typescript"}
    return {"unit", "integration"} if browser else set(KINDS)


def languages(part: str) -> set[str]:
    """The languages whose tests a command runs; none where any may be meant."""
    found = [name for name, pattern in _LANGUAGES if re.search(pattern, part)]
    if found == ["go"] and "..." not in part:
        return {"one package of go"}
    return {language for name in found for language in LANGUAGE_FAMILIES.get(name, (name,))}
