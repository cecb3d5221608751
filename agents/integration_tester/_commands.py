"""Tells the commands of a CI step apart: which build, which test, and which nobody can see into."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from orchestrator import CiStep, Manifests, words

from ._words import builds, installs, is_opaque, is_opaque_action, kinds_of, languages, names_tests, tests

_TEST_ACTION = re.compile(r"cypress-io/github-action|helm/chart-testing|VSTest@|DotNetCoreCLI@.*test", re.IGNORECASE)
_BUILD_ACTION = re.compile(words("actions/builders").pattern, re.IGNORECASE)
_WRAPPER = re.compile(
    r"/retry(@|$)|wretry|actions-rs/cargo|xvfb|android-emulator-runner|actions-yarn|codeclimate-action|Maven@|Gradle@"
)
_RUNNER = frozenset({"npm", "pnpm", "yarn", "bun", "composer", "pipenv"})
_BUILT_IN = frozenset(
    {"ci", "install", "i", "add", "publish", "audit", "version", "pack", "exec", "dlx", "dedupe", "config"}
)
_SWALLOWED = re.compile(r"\|\|\s*(true|:|echo\b.*|exit 0|/bin/true)\s*$|^set \+e\b")
_SPLIT = re.compile(r"&&|;|\|\||(?<!\|)\|(?!\|)")
_MAX_FROM_SCRIPTS = 80
_MAX_IN_ALL = 4_000


@dataclass(frozen=True)
class Work:
    """What one step does, as far as its commands tell."""

    builds: bool = False
    tests: frozenset[str] = frozenset()
    """Kinds of test that it runs; empty where it runs none."""
    languages: frozenset[str] = frozenset()
    """Languages whose tests it runs; empty where any may be meant."""
    opaque: bool = False
    """It runs something that may build or test, and the pipeline does not say."""
    offset: int = 0
    """How many lines below the first of the step's text the first command stands that builds, or else tests."""


class Commands:
    """Tells what steps do; knows the scripts that the tree's manifests name."""

    def __init__(self, manifests: Manifests, wrapped: Mapping[tuple[str, int], str]) -> None:
        self._scripts: dict[str, dict[str, None]] = {}
        self._wrapped = wrapped
        self._room = _MAX_IN_ALL
        for manifest in manifests.files:
            for name, command in manifest.scripts.items():
                self._scripts.setdefault(name, {})[command] = None

    def work(self, path: str, step: CiStep, context: str = "") -> Work:
        """What *step* of the pipeline at *path* does; *context* is what its job is called."""
        text = step.run or (self._wrapped.get((path, step.line), "") if _WRAPPER.search(step.uses) else "")
        parts = list(self._parts(text))
        tested = [p for p, swallowed, _ in parts if not swallowed and tests(p)]
        kinds: set[str] = set()
        for part in tested:
            kinds |= kinds_of(part, f"{step.name} {context}")
        if _TEST_ACTION.search(step.uses):
            kinds.add("e2e" if "cypress" in step.uses.lower() else "integration")
        opaque = is_opaque_action(step.uses) or any(is_opaque(p) and not self._script(p) for p, _, _ in parts)
        return Work(
            builds=bool(_BUILD_ACTION.search(step.uses)) or any(builds(p) for p, _, _ in parts),
            tests=frozenset(kinds),
            languages=frozenset(language for p in tested for language in languages(p)),
            opaque=opaque and not kinds,
            offset=next((line for what in (builds, tests) for p, _, line in parts if what(p)), 0),
        )

    def _parts(self, text: str) -> Iterator[tuple[str, bool, int]]:
        """Each command, whether its failure is ignored, and its line; what npm and its like run, too."""
        waiting = deque(_split(text))
        seen: set[str] = set()
        room = len(waiting) + _MAX_FROM_SCRIPTS
        while waiting and room:
            room -= 1
            part, swallowed, line = waiting.popleft()
            if installs(part):
                continue
            yield part, swallowed, line
            name = self._script(part)
            if name and name not in seen and self._room > 0:
                seen.add(name)
                self._room -= 1
                for command in islice(self._scripts[name], 20):
                    if names_tests(name) and "no test specified" not in command:
                        yield f"npm-script {name}", swallowed, line
                    waiting.extend((p, swallowed or s, line) for p, s, _ in _split(command))

    def _script(self, part: str) -> str:
        words = part.split()[:12]
        tools = [n for n, word in enumerate(words) if word in _RUNNER]
        if not tools:
            return ""
        rest = words[tools[0] + 1 :]
        if not rest or rest[0] in _BUILT_IN:
            return ""
        wanted = ["test" if word == "t" else word for word in rest]
        return next((word for word in wanted if word in self._scripts), "")


def _split(text: str) -> Iterator[tuple[str, bool, int]]:
    number = 0
    for raw in text.replace("\\\n", "\0").split("\n")[:400]:
        first, number = number, number + 1 + raw.count("\0")
        line = raw.replace("\0", " ").strip()[:1_000]
        if not line or line.startswith("#"):
            continue
        swallowed = bool(_SWALLOWED.search(line))
        for part in _SPLIT.split(line):
            if part.strip():
                yield part.strip(), swallowed, first
