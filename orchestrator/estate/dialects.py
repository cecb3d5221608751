"""Knows files that declare parts of an estate in a language that nothing here reads."""

from __future__ import annotations

from collections.abc import Iterator

from ..evidence.facts.files import Files
from ..evidence.tree import FileEntry

UNREAD = {
    "Pulumi.yaml": "Pulumi",
    "Pulumi.yml": "Pulumi",
    "cdk.json": "the CDK",
    "cdktf.json": "the CDK for Terraform",
    "sst.config.ts": "SST",
    "serverless.yml": "the Serverless Framework",
    "serverless.yaml": "the Serverless Framework",
    "serverless.ts": "the Serverless Framework",
    "*.nomad": "Nomad",
    "*.nomad.hcl": "Nomad",
    "render.yaml": "a blueprint of Render",
    "helmfile.yaml": "Helmfile",
}
"""Names of files, with git's wildcards, and what they are written in."""
_QUIET = frozenset({"test", "example", "vendored", "generated", "docs"})


def unread(files: Files) -> Iterator[tuple[FileEntry, str]]:
    """Files that declare something, each with the language that it is written in."""
    for pattern, language in UNREAD.items():
        for file in files.matching(pattern):
            if file.role not in _QUIET:
                yield file, language
