"""Knows files that declare parts of an estate in a language that nothing here reads."""

from __future__ import annotations

from collections.abc import Iterator

from .classify import QUIET
from .facts.files import Files
from .tree import FileEntry

PROGRAMS = {
    "Pulumi.yaml": "Pulumi",
    "Pulumi.yml": "Pulumi",
    "cdk.json": "the CDK",
    "cdktf.json": "the CDK for Terraform",
    "cdk8s.yaml": "cdk8s",
    "sst.config.ts": "SST",
    "sst.config.js": "SST",
    "serverless.ts": "the Serverless Framework",
    "serverless.js": "the Serverless Framework",
}
"""Names of files beside programs that make an estate when they run, and what they are written with."""
LANGUAGES = {
    "serverless.yml": "the Serverless Framework",
    "serverless.yaml": "the Serverless Framework",
    "*.nomad": "Nomad",
    "*.nomad.hcl": "Nomad",
    "render.yaml": "a blueprint of Render",
    "helmfile.yaml": "Helmfile",
}
"""Names of files, with git's wildcards, and what they are written in."""


def programs(files: Files) -> Iterator[tuple[FileEntry, str]]:
    """Files of programs that declare something, each with why nobody can tell what."""
    for file, language in _of(files, PROGRAMS):
        yield file, f"what a program of {language} declares is told only by running it"


def unread(files: Files) -> Iterator[tuple[FileEntry, str]]:
    """Files in a language that is not read, or not read all of, each with what is said of one that was not read."""
    for file, language in _of(files, LANGUAGES):
        yield file, f"what {language} declares is not read"


def _of(files: Files, languages: dict[str, str]) -> Iterator[tuple[FileEntry, str]]:
    for pattern, language in languages.items():
        for file in files.matching(pattern):
            if file.role not in QUIET:
                yield file, language
