"""Tells whether a command works on a folder of the tree and on what is written there, or on something beside it."""

from __future__ import annotations

import posixpath
import re

from ...host.late import late
from ..facts.containers import Dockerfiles
from ..facts.pipelines import CiCommand
from .names import bare

_SPOKEN = (
    ("python", r"\bpython3?\b|\bpytest\b|py\.test|\bpip3?\b|\bpoetry\b|\bhatch\b|\btox\b|\bnox\b|\buv\b|\bbehave\b|"
               r"\bmaturin\b"),
    ("javascript", r"\b(?:npm|npx|pnpm|yarn|bun|bunx|node|deno|tsc|vite|vitest|jest|mocha|next|nuxt|ng|webpack|esbuild|"
                   r"rollup|turbo|lerna|cypress|playwright|artillery)\b"),
    ("go", r"\bgo (?:-\S+ )*(?:build|install|test|vet|run)\b|\bgolang\b|\bgotestsum\b|\bginkgo\b|\bgoreleaser\b|"
           r"\bko (?:build|publish|apply)\b"),
    ("rust", r"\bcargo\b|\bcross\b|\brust\b|\bwasm-pack\b|\bmaturin\b"),
    ("java", r"\bmvnw?\b|\bgradlew?\b|\bsbt\b|\bjavac?\b|\bmaven\b|\b(?:open)?jdk\b|\btemurin\b|\bcorretto\b"),
    ("ruby", r"\bruby\b|\brspec\b|\brails\b|\brake\b|\bcucumber\b|\bbundle\b|\bgem\b"),
    ("php", r"\bphp\b|phpunit|\bparatest\b|\bartisan\b|\bcomposer\b|\bcodecept\b|\bpest\b"),
    ("csharp", r"\bdotnet\b|\bmsbuild\b|\bnuget\b"),
    ("elixir", r"\belixir\b|\bmix\b"),
    ("swift", r"\bxcodebuild\b|\bswift\b"),
    ("dart", r"\bflutter\b|\bdart\b"),
)  # fmt: skip
"""Programs and images of one family of languages alone."""
_IMAGE = late(
    r"\b(?:docker|podman|nerdctl|buildah)\b(?! ?-?compose).{0,40}\b(?:build|bud)\b|\bgcloud builds submit\b|"
    r"\baz acr build\b"
)
"""What builds the image of one folder, whatever is written there."""
_FILE = late(r"\s(?:-f|--file)[ =](\S+)")
_CONTEXT = late(r"\s([\w./-]*[\w./])/?\s*$")
_FOR_ALL = late(
    r"\b(?:nx|moon|rush|compose)\b|//\.\.\.|"
    r"\bmatrix\.|\$\{?\w*(?:dir|path|service|app|package|module|project)\w*\}?|\*/",
    re.IGNORECASE,
)
"""By which one command works on each of several folders, or on one of them that is computed."""


def reaches(command: CiCommand, folder: str, language: str, dockerfiles: Dockerfiles) -> bool | None:
    """
    Whether *command* works on what is written in *language* in *folder*; None where nothing tells what it works on.

    What lies below the folder where it runs is named by it, or taken in by a program that works on all of them.

    Args:
        command: What builds, tests, packs or brings something.
        folder: Where a part of the product lies; empty for the whole tree.
        language: The family of the language that it is written in.
        dockerfiles: What tells which folders are copied into an image.
    """
    text = command.text
    if command.folder == "?" or (folder and _names(text, folder)):
        return True
    if not (folder == command.folder or folder.startswith(f"{command.folder}/" if command.folder else "")):
        return False
    if _IMAGE.search(text):
        return _is_in_image(command, folder, language, dockerfiles)
    if _FOR_ALL.search(text):
        return True
    spoken = _spoken(bare(command))
    return folder == command.folder and language in spoken if spoken else None


def _spoken(text: str) -> set[str]:
    return {name for name, words in _SPOKEN if re.search(words, text)}


def _names(text: str, folder: str) -> bool:
    """Whether a command names *folder*, by its whole path or by the last part of it."""
    last = folder.rpartition("/")[2]
    return re.search(rf"(?<![\w-]){re.escape(last)}(?![\w-])", text) is not None


def _is_in_image(command: CiCommand, folder: str, language: str, dockerfiles: Dockerfiles) -> bool | None:
    """Whether the image that *command* builds is made of *folder*; None where what it is built by is not here."""
    named, context = _FILE.search(command.text), _CONTEXT.search(command.text)
    below = _joined(command.folder, context[1] if context else ".")
    path = _joined(command.folder, named[1]) if named else _joined(below, "Dockerfile")
    dockerfile = next((file for file in dockerfiles.written if file.path == path), None)
    if dockerfile is None:
        return None if below == folder else False
    spoken = _spoken(" ".join(i.value for i in dockerfile.of("FROM", "RUN")))
    if (spoken and language not in spoken) or not f"{folder}/".startswith(f"{below}/" if below else ""):
        return False
    inner = folder.removeprefix(below).strip("/")
    return not inner or any(_names(i.value, inner) for i in dockerfile.of("COPY", "ADD", "RUN", "WORKDIR"))


def _joined(folder: str, path: str) -> str:
    found = posixpath.normpath(posixpath.join(folder, path))
    return "" if found == "." else found
